/** What is wrong with a file of the library, or its row. */
export type FileState = 'missing' | 'changed' | 'unreadable' | 'foreign' | 'odd'

export type FileCounts = Readonly<Record<FileState | 'sound', number>>

/** What `verify --json` and `doctor --rebuild --json` tell; with `--repair` the events of a run follow. */
export type VerifyEvent =
  | {
      readonly event: 'file'
      readonly state: FileState
      /** Relative to the library; of an odd item there is none. */
      readonly path?: string
      /** Of what is foreign there is none. */
      readonly key?: string
      readonly reason: string
    }
  | { readonly event: 'verifying'; readonly files: number; readonly total?: number; readonly bytes: number }
  | {
      readonly event: 'rebuilt'
      /** The private store holds what the catalog must not, such as tokens of signed URLs. */
      readonly what: 'catalog' | 'private store'
      readonly aside?: string
      /** ISO 8601. */
      readonly backup?: string
      readonly salvaged?: number
    }
  | { readonly event: 'adopted'; readonly path: string; readonly key: string }
  | ({ readonly event: 'verified'; readonly bytes: number; readonly seconds: number } & FileCounts)

type Named<Name extends VerifyEvent['event']> = Extract<VerifyEvent, { event: Name }>

/** Every event of `verify --json` and its fields; the documentation is made from here. */
export const VERIFY_EVENT_KINDS: {
  readonly [Name in VerifyEvent['event']]: {
    readonly about: string
    readonly fields: Readonly<Record<Exclude<keyof Named<Name>, 'event'>, string>>
  }
} = {
  file: {
    about: 'a file or item that is not as the catalog has it; of sound ones nothing is told',
    fields: {
      state:
        'missing, changed, unreadable, foreign (a file in the folder that belongs to no item) or odd (an item whose rows do not fit)',
      path: 'in the library',
      key: 'the stable key',
      reason: 'in words',
    },
  },
  verifying: {
    about: 'how far it is, twice a second; left out while the reader is behind',
    fields: { files: 'looked at so far', total: 'files in all, where that is known', bytes: 'read so far' },
  },
  rebuilt: {
    about: 'doctor --rebuild: a new catalog stands in place of the damaged one, or its private store was put aside',
    fields: {
      what: 'catalog or private store',
      aside: 'where the damaged one lies now',
      backup: 'when the backup was made that it begins with, ISO 8601; left out where there was none',
      salvaged: 'items that the damaged one still gave',
    },
  },
  adopted: {
    about: 'doctor --rebuild: a file that stands there is that of its item again',
    fields: { path: 'in the library', key: 'the stable key' },
  },
  verified: {
    about: 'everything was looked at',
    fields: {
      sound: 'files that have the bytes that were stored',
      missing: 'files that are not there',
      changed: 'files that have other bytes',
      unreadable: 'files that the disk does not give',
      foreign: 'files that belong to no item',
      odd: 'items whose rows do not fit together',
      bytes: 'that were read',
      seconds: 'that it took',
    },
  },
}
