import type { Event } from '../../core/events.ts'
import type { Settings } from '../../config/settings.ts'
import { byteSize, duration, harmless } from './format.ts'
import type { Style } from './style.ts'

const DATA_SHOWN = 40

/** Letters of a URL in a line for people, and how many of them are its last: the name of the file. */
const LONGEST_NAME = 400
const ENDING = 60

type Verbosity = Settings['verbosity']

/**
 * One event as one line for a person, where it is worth one. `quiet`: only what went wrong. `verbose`: how every item
 * ended, what was listed, and who is waited for.
 */
export function told(event: Event, verbosity: Verbosity, style: Style): string | undefined {
  switch (event.event) {
    case 'failed':
      return style.bad(failureLine(event))
    case 'ref':
      return verbosity === 'verbose' ? refLine(event) : undefined
    case 'note':
      return event.level === 'info' && verbosity === 'quiet' ? undefined : harmless(event.message)
    case 'wait':
      return verbosity === 'quiet' ? undefined : waitLine(event)
    case 'stored':
    case 'known':
    case 'excluded':
    case 'rejected':
    case 'missing':
      return verbosity === 'verbose' ? endLine(event) : undefined
    case 'run':
    case 'asset':
    case 'progress':
    case 'end':
      return undefined
  }
}

function refLine(ref: Extract<Event, { event: 'ref' }>): string {
  const by = ref.strategy === undefined ? '' : ` by ${ref.strategy},`
  const found = ref.state === 'explored' ? `${ref.found} found` : (ref.reason ?? ref.code ?? '')
  return harmless(`${ref.state.padEnd(9)} ${ref.target}, ${ref.route}${by} page ${ref.page}: ${found}`)
}

function failureLine(event: Extract<Event, { event: 'failed' }>): string {
  const tries = event.attempts > 1 ? ` (${event.attempts} tries)` : ''
  return harmless(`failed    ${nameOf(event)}: ${reasonOf(event)}${tries}`)
}

function waitLine({ host, reason, until }: Extract<Event, { event: 'wait' }>): string {
  const seconds = (Date.parse(until) - Date.now()) / 1000
  return harmless(
    seconds > 0 ? `waiting   ${host} for ${duration(seconds)}: ${reason}` : `back      ${host}: ${reason}`,
  )
}

type Ended = Extract<Event, { event: 'stored' | 'known' | 'excluded' | 'rejected' | 'missing' }>

function endLine(event: Ended): string {
  const label = event.event.padEnd(9)
  switch (event.event) {
    case 'stored':
      return harmless(`${label} ${event.path} (${byteSize(event.bytes)}, ${nameOf(event)})`)
    case 'known':
      return harmless(`${label} ${event.path ?? event.key}`)
    case 'excluded':
      return harmless(`${label} ${event.key}: ${event.reason}`)
    case 'rejected':
    case 'missing':
      return harmless(`${label} ${nameOf(event)}: ${event.reason}`)
  }
}

/** A URL tells people more than a key; of a `data:` URL, which is the file itself, its beginning does. */
export function nameOf({ url, key }: { readonly url: string; readonly key: string }): string {
  if (url.startsWith('data:') && url.length > DATA_SHOWN) return `${url.slice(0, DATA_SHOWN)}...`
  const name = url === '' ? key : url
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - ENDING)}...${name.slice(-ENDING)}`
}

/** Why, without the request where that is for the URL that stands before it. */
export function reasonOf({ url, reason }: { readonly url: string; readonly reason: string }): string {
  return reason.replace(`: GET ${url}`, '')
}
