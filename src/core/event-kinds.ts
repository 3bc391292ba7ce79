import type { Event } from './events.ts'

type Fields<Name extends Event['event']> = Readonly<
  Record<Exclude<keyof Extract<Event, { event: Name }>, 'event'>, string>
>

interface EventKind<Name extends Event['event']> {
  readonly about: string
  /** Every field and what it holds; the compiler misses none. */
  readonly fields: Fields<Name>
}

const COUNTS = {
  stored: 'items fetched and recorded',
  known: 'items that were in the library already',
  excluded: 'items that --range or --where left out',
  rejected: 'items that a screen or --where refused once the file was here',
  missing: 'numbers that the site does not have',
  failed: 'items that could not be had',
}

/** Every event of `--json`, in the order in which a run tells them; help and the documentation are made from here. */
export const EVENT_KINDS: { readonly [Name in Event['event']]: EventKind<Name> } = {
  run: {
    about: 'a run begins; always the first',
    fields: {
      run: 'its number in the catalog',
      version: 'of bowerbird',
      library: 'where it collects to',
      targets: 'those of the command line',
      resumed: 'true when it goes on with an earlier run',
    },
  },
  ref: {
    about: 'a page of a target was read, could not be read, or waits for a wider run',
    fields: {
      source: 'the source of the page',
      route: 'the kind of page',
      target: 'as it was named',
      page: 'from 1',
      state: 'explored, failed or held',
      found: 'how much it holds',
      strategy: 'how it was read',
      code: 'why it failed',
      reason: 'the same in words',
    },
  },
  asset: {
    about: 'an item is to be fetched; in a dry run, would be',
    fields: {
      key: 'the stable key',
      source: 'the source it is from',
      route: 'the kind of page it was found on',
      url: 'the best URL',
      candidates: 'all URLs, best first',
      path: 'in the library, without extension',
      kind: 'image, video, audio, archive or other, where the listing tells it',
      meta: 'what the listing tells of it',
    },
  },
  progress: {
    about: 'how far the run is, twice a second; left out while the reader is behind',
    fields: {
      counts: 'items by outcome',
      listed: 'items found so far',
      total: 'items in all, where that is known',
      bytes: 'of files stored',
      bytesPerSecond: 'over the last seconds',
      active: 'transfers at this moment',
      hosts: 'host, active and waiting of each',
    },
  },
  stored: {
    about: 'an item is in the library, and its row in the catalog',
    fields: {
      key: 'the stable key',
      url: 'the URL that gave it',
      path: 'in the library',
      bytes: 'the size',
      sha256: 'of the file',
      type: 'the media type of the bytes',
      width: 'pixels',
      height: 'pixels',
    },
  },
  known: {
    about: 'an item was in the library already',
    fields: {
      key: 'the stable key',
      path: 'in the library',
      url: 'the best URL',
      meta: 'what the listing tells of it',
    },
  },
  excluded: { about: 'an item is left out', fields: { key: 'the stable key', reason: 'which option says so' } },
  rejected: {
    about: 'a fetched file was refused',
    fields: { key: 'the stable key', url: 'where it came from', reason: 'by what, and why' },
  },
  missing: {
    about: 'the site does not have this number, which is no failure',
    fields: { key: 'the stable key', url: 'the best URL', status: 'of the answer', reason: 'in words' },
  },
  failed: {
    about: 'an item could not be had',
    fields: {
      key: 'the stable key; empty for what has none',
      url: 'the last URL',
      code: 'the reason, as a word',
      status: 'of the answer',
      reason: 'in words',
      attempts: 'how often it was tried',
    },
  },
  wait: {
    about: 'a host asks for patience or cannot be reached, and everybody waits for it; or answers again',
    fields: { host: 'the host', reason: 'in words', until: 'the time, ISO 8601; of now when it answers again' },
  },
  note: {
    about: 'something worth knowing that is no loss, such as the upper bound of an open range',
    fields: { level: 'info or warning', message: 'in words' },
  },
  end: {
    about: 'the run is over; always the last',
    fields: {
      run: 'its number in the catalog',
      ...COUNTS,
      bytes: 'of files stored',
      seconds: 'that it took',
      reasons: 'failures by code',
      targets: 'those that could not be explored: target, place in a list, code and reason',
      interrupted: 'whether it was cut short',
      exit: 'the exit status',
    },
  },
}
