/**
 * File names from strangers. One path component that is the same, and harmless, on every system:
 * NFC; no separators, control, bidi, zero-width or reserved characters; no leading dot (hidden) or dash (an option to
 * other tools); no trailing dot or space; no device name of Windows; cut on the border of a grapheme.
 */

/** Bytes of UTF-8 that a path component may have (ext4, APFS; NTFS counts UTF-16 units, which are never more). */
export const NAME_BYTES = 255

/** Bytes of a stem: leaves room for `~hhhhhhhh`, a dot, any extension and `.json` of a sidecar. */
export const STEM_BYTES = 220

/** More than this is never looked at: the result is shorter still, and hostile input costs no time. */
const INPUT_UNITS = 2048

/** Printable ASCII that needs no change, whatever stands beside it (length, double spaces and the end are looked at apart). */
const PLAIN = /^(?!con|prn|aux|nul|com|lpt|clock)[!#-)+,0-9;=@-[\]-{}~][ !#-)+-.0-9;=@-[\]-{}~]*$/i

const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?= *(?:\.|$))/i

const SPACES = /[\s\u0085]+/gu
/** Characters that show nothing or change how their neighbours are shown, and code points that are no characters. */
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Noncharacter_Code_Point}\uFFF9-\uFFFB]+/gu
/** Separators, what Windows and NTFS streams reserve, and lone surrogates. */
const RESERVED = /[/\\:*?"<>|\p{Cs}]+/gu

const ASCII = /^[\0-\x7f]*$/
const encoder = new TextEncoder()
const scratch = new Uint8Array(NAME_BYTES)
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A name as one safe path component of at most `maxBytes`; `_` when nothing of it is left. */
export function safeSegment(name: string, maxBytes: number = NAME_BYTES): string {
  if (name.length <= maxBytes && isPlain(name)) return name
  const limited = name.length > INPUT_UNITS ? name.slice(0, INPUT_UNITS).replace(/[\ud800-\udbff]$/, '') : name
  const clean = limited
    .normalize('NFC')
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .replace(RESERVED, '_')
    .normalize('NFC')
    .replace(/ {2,}/g, ' ')
    .trimStart()
    .replace(/^(?:\.+|-)/, '_')
  // Guarded again because a cut may end right behind `con`.
  const fitted = guardDevice(fitBytes(guardDevice(trimEnd(clean)), maxBytes))
  return fitted === '' ? '_' : fitted
}

function guardDevice(name: string): string {
  return DEVICE.test(name) ? `_${name}` : name
}

function isPlain(name: string): boolean {
  if (!PLAIN.test(name) || name.includes('  ')) return false
  const last = name.charCodeAt(name.length - 1)
  return last !== 0x2e && last !== 0x20
}

/** What two names have in common when some file system takes them for one: NFC, full case folding. */
export function foldName(name: string): string {
  if (ASCII.test(name)) return name.toUpperCase()
  // Lower case first: a capital sharp s has no upper case of its own, its small letter has ("SS").
  return name.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC')
}

/** The stem of an asset whose own stem is taken: the same for the same key, in every library. */
export function collisionStem(stem: string, keyHash8: string): string {
  return `${fitBytes(stem, STEM_BYTES)}~${keyHash8}`
}

/** Cuts to a number of UTF-8 bytes on the border of a grapheme; no dot or space stays at the cut. */
function fitBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  const { read } = encoder.encodeInto(text, scratch.subarray(0, Math.min(maxBytes, scratch.length)))
  if (read === text.length) return text
  return trimEnd(text.slice(0, graphemeBorder(text, read)))
}

/** The last border at or before an offset. A single grapheme that is longer than that is cut between code points. */
function graphemeBorder(text: string, offset: number): number {
  const start = graphemes.segment(text).containing(offset)?.index ?? offset
  return start === 0 ? offset : start
}

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && (text.charCodeAt(end - 1) === 0x2e || text.charCodeAt(end - 1) === 0x20)) end -= 1
  return end === text.length ? text : text.slice(0, end)
}
