import { Fault } from './errors.ts'
import { redactUrl } from './redact.ts'
import type { Target } from './source.ts'

const SHORT_FORM = /^([a-z][a-z0-9-]*):(?!\/\/)(.*)$/is
const WEB_SCHEME = /^https?:/i
const ANY_SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i
/** `example.org`, `example.org:8080`, `localhost`, `[::1]`: what curl takes for a host without a scheme. */
const BARE_HOST = /^(?:[^\s/?#:@[\]{}]{1,253}\.[^\s/?#:@]{1,253}|localhost|\[[0-9a-f:.]+\])(?::\d{1,5})?(?=[/?#]|$)/i
/** Names before a colon that are schemes of URLs and never sources. */
const OTHER_SCHEMES = new Set(['about', 'blob', 'data', 'file', 'ftp', 'javascript', 'mailto', 'tel', 'view-source'])
/** Longer than any server takes; keeps a pasted file from becoming a target. */
const MOST_CHARACTERS = 65_536

export interface TargetOptions {
  /** `--globoff`: `[]{}` in URLs are themselves. */
  readonly globoff?: boolean
}

/**
 * Reads what the user wrote. A URL without a scheme is taken for https. A `template` is checked no further here: its
 * source reads it. Throws `Usage` for what is no target at all.
 */
export function readTarget(written: string, options: TargetOptions = {}): Target {
  const text = written.trim()
  if (text === '')
    throw new Fault('Usage', 'an empty target', { advice: 'name a URL or a short form, such as imgur:r/funny' })
  if (text.length > MOST_CHARACTERS) {
    throw new Fault('Usage', `a target of ${text.length} characters (at most ${MOST_CHARACTERS})`, {
      advice: 'to read many targets from a file use --input FILE',
    })
  }
  if (WEB_SCHEME.test(text)) return readUrl(text, options)
  const short = readShort(text)
  if (short !== undefined) return short
  const scheme = ANY_SCHEME.exec(text)?.[1]
  if (scheme !== undefined) throw wrongScheme(text, scheme)
  if (BARE_HOST.test(text) && /[/:]/.test(text)) return readUrl(`https://${text}`, options)
  throw notATarget(text)
}

/** `localhost:8080/a` is a host with a port, not a source. */
function readShort(text: string): Target | undefined {
  const match = SHORT_FORM.exec(text)
  if (match === null) return undefined
  const source = (match[1] ?? '').toLowerCase()
  const rest = match[2] ?? ''
  if (source === 'localhost' && /^\d{1,5}(?:[/?#]|$)/.test(rest)) return undefined
  if (OTHER_SCHEMES.has(source)) throw wrongScheme(text, source)
  if (rest.trim() === '') {
    throw new Fault('Usage', `"${text}" names a source, but nothing in it`, {
      advice: `see \`bowerbird sources ${source}\` for what it takes`,
    })
  }
  return { kind: 'short', text, source, rest }
}

function readUrl(text: string, { globoff = false }: TargetOptions): Target {
  if (!globoff && hasGlob(text)) return { kind: 'template', text }
  const url = URL.parse(globoff ? text : unescapeGlob(text))
  if (url === null || url.hostname === '') {
    throw new Fault('Usage', `"${redactUrl(text)}" is not a valid URL`, {
      url: text,
      advice: 'check the host and the port',
    })
  }
  return { kind: 'url', text, url }
}

/**
 * The origin that a target names: the user's headers may go there, and it may be a private address. Nothing where a
 * short form names a site by its source, or where the host of a template is a range itself.
 */
export function namedOrigin(target: Target): string | undefined {
  switch (target.kind) {
    case 'url':
      return target.url.origin
    case 'template':
      return originOf(target.text)
    case 'short':
      return WEB_SCHEME.test(target.rest) ? originOf(target.rest) : undefined
  }
}

function originOf(text: string): string | undefined {
  const start = /^https?:\/\/[^/?#]*/i.exec(text)?.[0]
  return start === undefined || hasGlob(start) ? undefined : URL.parse(start)?.origin
}

/** Where an IPv6 address in brackets, as a host has it, ends; nothing when the bracket opens something else. */
export function addressEnd(text: string, at: number): number | undefined {
  const match = /^\[[0-9a-f:.]*:[0-9a-f:.]*\]/i.exec(text.slice(at, at + 64))
  return match === null || !/^https?:\/\/(?:[^/?#]*@)?$/i.test(text.slice(0, at)) ? undefined : at + match[0].length
}

/** Whether a `\` at this place takes the meaning from the mark behind it. */
export function isEscape(text: string, at: number): boolean {
  return text[at] === '\\' && /^[[\]{}]$/.test(text[at + 1] ?? '')
}

function hasGlob(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at]
    if (isEscape(text, at)) at += 1
    else if (mark === '[') {
      const end = addressEnd(text, at)
      if (end === undefined) return true
      at = end - 1
    } else if (mark === '{' || mark === '}' || mark === ']') return true
  }
  return false
}

function unescapeGlob(text: string): string {
  return text.replace(/\\([[\]{}])/g, '$1')
}

/** The beginning of a text in a message: what looks like a secret is none of it. */
function shown(text: string): string {
  return redactUrl(text).slice(0, 80)
}

function wrongScheme(text: string, scheme: string): Fault {
  return new Fault('Usage', `"${shown(text)}" cannot be collected: ${scheme} is not http or https`, {
    advice: 'name an http or https URL; to read targets from a file use --input FILE',
  })
}

function notATarget(text: string): Fault {
  const why = `"${shown(text)}" is neither a URL nor a short form such as imgur:r/funny`
  if (/[/\\]/.test(text)) {
    return new Fault('Usage', why, {
      advice: 'write a URL with its host; to read targets from a file use --input FILE',
    })
  }
  const url = BARE_HOST.test(text) && text.includes('.') ? `, or \`bowerbird https://${text}\`` : ''
  return new Fault('Usage', why, { advice: `did you mean \`bowerbird search ${quoted(text)}\`${url}?` })
}

function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
