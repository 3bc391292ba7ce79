import type { Inspection } from '../../core/files.ts'
import type { FileType } from './found.ts'
import { damaged, image, sound } from './found.ts'
import type { Reader } from './reader.ts'
import { FAR } from './reader.ts'

const HTML = other('text/html', 'html')
const JSON_TEXT = other('application/json', 'json')
const XML = other('application/xml', 'xml')
const PLAIN = other('text/plain', 'txt')
const SHORTCUT = other('application/x-shortcut', 'url')
const SCRIPT = other('text/x-script', 'sh')
const SVG = image('svg+xml', 'svg')

/** As much of a text as decides what it is. */
const HEAD_BYTES = 4096
const MOST_SVG_BYTES = 64 * 2 ** 20

/** What a browser takes for a page (WHATWG MIME sniffing, 7.1), and what error pages begin with besides. */
const PAGE =
  /^<(?:!doctype\s+html|html|head|body|script|style|title|meta|link|base|iframe|frameset|div|table|center|form|font|pre|article|section|main|h[1-6]|br|hr|ul|ol|img|span|strong|em|p|a|b)(?=[\s/>])/i
const COMMENT = /^<!--[^]*?(?:-->|$)/
const PROLOG = /^<\?[^]*?(?:\?>|$)/
const DOCTYPE = /^<!doctype\s[^[>]*(?:\[[^\]]*\]\s*)?>/i
const ROOT_SVG = /^<(?:[\w-]+:)?svg(?=[\s>])/
const ROOT_HTML = /^<(?:[\w-]+:)?html(?=[\s>])/i

const SHORTCUT_HEAD = /^\s*\[(?:InternetShortcut|Desktop Entry)\]/i

/** Control characters that no text has. */
// eslint-disable-next-line no-control-regex
const BINARY = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/
/** An entity that is made of others: the way to make a small file grow without end. */
const NESTED_ENTITY = /<!ENTITY\s[^"'<>]*["'][^"'<>]*&[^#]/i
/** What runs when somebody opens the picture. */
const ACTIVE = /<(?:[\w-]+:)?(?:script|iframe|handler)\b|[\s"'/]on[a-z]+\s*=|(?:java|vb)script\s*:/i

/** Text: a page, a picture in SVG, data, or something that must never get a name of its own. */
export function inspectText(file: Reader): Inspection | undefined {
  const head = readHead(file)
  if (head === undefined) return undefined
  const { text, wide } = head
  const start = behindPreamble(text)
  if (PAGE.test(start) || ROOT_HTML.test(start)) return page()
  // What runs in an SVG is looked for in single bytes: one of two bytes a letter is any XML.
  if (ROOT_SVG.test(start) && !wide) return inspectSvg(file)
  if (isJson(text, file.size)) return sound(JSON_TEXT)
  if (SHORTCUT_HEAD.test(text)) return sound(SHORTCUT)
  if (text.startsWith('#!')) return sound(SCRIPT)
  return sound(/^\s*</.test(text) ? XML : PLAIN)
}

function page(): Inspection {
  return { ...sound(HTML), damage: { code: 'Html', why: 'a web page came in place of the file' } }
}

interface Head {
  readonly text: string
  /** UTF-16. */
  readonly wide: boolean
}

/** The first part of a text, without a byte order mark; nothing when the bytes are no text. */
function readHead(file: Reader): Head | undefined {
  const bytes = Buffer.from(file.view(0, Math.min(file.size, HEAD_BYTES)))
  const little = bytes[0] === 0xff && bytes[1] === 0xfe
  const wide = little || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const text = wide ? new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes) : narrow(bytes)
  return BINARY.test(text) ? undefined : { text, wide }
}

/** Whatever the charset, read as Latin-1: what is looked for is ASCII. */
function narrow(bytes: Buffer): string {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return bytes.toString('latin1', marked ? 3 : 0)
}

/** From the first element on: white space, comments, processing instructions and the document type are passed over. */
function behindPreamble(head: string): string {
  let text = head.trimStart()
  for (;;) {
    if (PAGE.test(text)) return text
    const rest = text.replace(COMMENT, '').replace(PROLOG, '').replace(DOCTYPE, '').trimStart()
    if (rest.length === text.length) return text
    text = rest
  }
}

/** All of it where it was read as a whole; else by its first value. */
function isJson(text: string, size: number): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  if (size > HEAD_BYTES) return /^\s*(?:\{\s*"|\[\s*[[{"\d])/.test(text)
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** An SVG is data as long as nothing in it runs; one that does is as bad as a page. */
function inspectSvg(file: Reader): Inspection {
  if (file.size > MOST_SVG_BYTES) return refused('it is an SVG so large that nobody can tell what runs in it')
  file.readAll()
  let last = ''
  for (let at = 0; at < file.size; at += FAR / 2) {
    // Half a window further each time: what lies across a border is seen.
    last = file.text(at, Math.min(FAR, file.size - at))
    if (ACTIVE.test(last)) return refused('it is an SVG that runs scripts')
    if (NESTED_ENTITY.test(last)) return damaged(SVG, 'its entities are made of entities')
  }
  return /<\/(?:[\w-]+:)?svg\s*>|<(?:[\w-]+:)?svg[^>]*\/>/.test(last) ? sound(SVG) : damaged(SVG, 'it is cut off')
}

function refused(why: string): Inspection {
  return { ...sound(SVG), damage: { code: 'WrongType', why } }
}

function other(mime: string, extension: string): FileType {
  return { mime, extension, kind: 'other' }
}
