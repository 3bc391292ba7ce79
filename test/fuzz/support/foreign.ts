/** Inputs as strangers send them: rubbish, sound samples that were tampered with, and patterns repeated without measure. */
import fc from 'fast-check'

/** Characters of an input that is made to be slow: square time needs minutes for it, linear time milliseconds. */
const PUMPED = 100_000

/** Characters that parsers, file systems and terminals stumble over. */
const NASTY = [
  ...[
    '\0',
    '\r\n',
    '\n',
    '\t',
    ' ',
    '\u00a0',
    '\u200b',
    '\u202e',
    '\ufeff',
    '\ufffd',
    '\ud800',
    '\udfff',
    '𝒳',
    'é',
    'e\u0301',
  ],
  ...[
    '..',
    '/',
    '\\',
    '//',
    '../',
    '%2e%2e%2f',
    '%00',
    '%',
    '%zz',
    '&',
    '&amp;',
    '&#0;',
    '&#x110000;',
    '?',
    '#',
    '=',
    ';',
    ',',
  ],
  ...[
    '"',
    "'",
    '`',
    '<',
    '>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '{{',
    '|',
    ':',
    '*',
    '+',
    '-',
    '~',
  ],
  ...[
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:,x',
    'data:image/png;base64,AA==',
    'http://',
    'https://[::1',
    '//x',
  ],
  ...[
    'http://127.0.0.1:1/',
    'ftp://a/b',
    'gopher://a',
    'http://a:99999/',
    'https://user:pw@h/',
    'https://例え.jp/é?ü#ß',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'CON',
    'NUL.txt',
    'null',
    'undefined',
    'NaN',
    'Infinity',
  ],
  ...['-1', '0', '1e309', '9007199254740993', '99999999999999999999', '2147483648', '1970-01-01', '275760-09-13'],
]

/** Words of no grammar, and those of `tokens`. */
function words(tokens: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...NASTY, ...tokens) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  )
}

/** Any order of words, mostly those of a grammar. */
export function rubbish(tokens: readonly string[] = []): fc.Arbitrary<string> {
  const own = tokens.length === 0 ? words(tokens) : fc.oneof(fc.constantFrom(...tokens), words(tokens))
  return fc.array(own, { maxLength: 60 }).map((parts) => parts.join(''))
}

/** A short pattern, repeated without measure between a beginning and an end. */
export interface Pump {
  readonly start: string
  readonly part: string
  readonly end: string
}

/** Not shrunk: each try of one that is slow takes as long again. */
export function pumps(tokens: readonly string[] = []): fc.Arbitrary<Pump> {
  const own = fc.constantFrom('', ' ', '\n', 'a', '0', ...tokens)
  const some = (least: number): fc.Arbitrary<string> =>
    fc.oneof(
      own,
      own,
      fc.array(words(tokens), { minLength: least, maxLength: 3 }).map((parts) => parts.join('')),
    )
  const part = some(1).filter((text) => text !== '')
  return fc.noShrink(fc.record({ start: some(0), part, end: some(0) }))
}

export function pump({ start, part: repeated, end }: Pump, length = PUMPED): string {
  return start + repeated.repeat(Math.max(1, Math.floor(length / repeated.length))) + end
}

/** One thing done to a text or to bytes: where (0 to 1), to how much, and what comes there. */
export interface Edit {
  readonly does: 'cut' | 'drop' | 'insert' | 'double' | 'swap' | 'flip'
  readonly at: number
  readonly length: number
  readonly word: string
}

const part = fc.double({ min: 0, max: 1, noNaN: true })

export function edits(tokens: readonly string[] = [], most = 6): fc.Arbitrary<readonly Edit[]> {
  const does = fc.constantFrom<Edit['does'][]>('cut', 'drop', 'insert', 'insert', 'double', 'swap', 'flip')
  return fc.array(fc.record({ does, at: part, length: fc.integer({ min: 1, max: 64 }), word: words(tokens) }), {
    maxLength: most,
  })
}

export function editText(text: string, all: readonly Edit[]): string {
  return all.reduce((now, { does, at, length, word }) => {
    const from = Math.floor(at * now.length)
    const before = now.slice(0, from)
    const piece = now.slice(from, from + length)
    const after = now.slice(from + length)
    switch (does) {
      case 'cut':
        return before
      case 'drop':
        return before + after
      case 'insert':
        return before + word + piece + after
      case 'double':
        return before + piece + piece + after
      case 'swap':
        return before + word + after
      case 'flip':
        return before + piece.split('').toReversed().join('') + after
    }
  }, text)
}

export function editBytes(bytes: Uint8Array, all: readonly Edit[]): Buffer {
  return Buffer.from(editText(Buffer.from(bytes).toString('latin1'), all), 'latin1')
}

/** Values that no field of an answer should have. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown[]>(
    ...[
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e21,
      1e308,
      -1e308,
      2 ** 53,
      '',
      ' ',
      [],
      {},
      [null],
      [[]],
      '0',
      'a'.repeat(5000),
    ],
    ...NASTY,
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

/** A change of a JSON answer: the place, counted through all its nodes, and what becomes of it. */
export interface JsonEdit {
  readonly does: 'replace' | 'remove' | 'double' | 'many' | 'rename' | 'add'
  readonly at: number
  readonly value: unknown
  readonly name: string
}

export function jsonEdits(most = 4): fc.Arbitrary<readonly JsonEdit[]> {
  const does = fc.constantFrom<JsonEdit['does'][]>(
    'replace',
    'replace',
    'replace',
    'remove',
    'double',
    'many',
    'rename',
    'add',
  )
  const name = fc.constantFrom('__proto__', 'constructor', 'id', 'url', 'x', '')
  return fc.array(fc.record({ does, at: part, value: hostileValue, name }), { maxLength: most })
}

/** More entries than one page of any site has. */
const MANY = 2500

type Holder = Record<string, unknown> | unknown[]

/** Changes a copy of a value in place of the original. */
export function editJson(original: unknown, all: readonly JsonEdit[]): unknown {
  const root = { value: structuredClone(original) }
  for (const edit of all) {
    const places: (readonly [Holder, string])[] = []
    collect(root, places)
    const place = places[Math.min(places.length - 1, Math.floor(edit.at * places.length))]
    if (place !== undefined) change(place[0], place[1], edit)
  }
  return root.value
}

function collect(holder: Holder, places: (readonly [Holder, string])[]): void {
  for (const [name, value] of Object.entries(holder)) {
    places.push([holder, name])
    if (typeof value === 'object' && value !== null) collect(value as Holder, places)
  }
}

function change(holder: Holder, name: string, { does, value, name: other }: JsonEdit): void {
  const fields = holder as Record<string, unknown>
  const old = fields[name]
  switch (does) {
    case 'replace':
      set(fields, name, value)
      break
    case 'remove':
      if (Array.isArray(holder)) holder.splice(Number(name), 1)
      else delete fields[name]
      break
    case 'double':
      if (Array.isArray(holder)) holder.push(old)
      else set(fields, `${name}2`, old)
      break
    case 'many':
      if (Array.isArray(holder)) holder.push(...Array.from({ length: MANY }, () => old))
      break
    case 'rename':
      if (Array.isArray(holder)) break
      delete fields[name]
      set(fields, other, old)
      break
    case 'add':
      if (Array.isArray(holder)) holder.push(value)
      else set(fields, other, value)
      break
  }
}

/** As `JSON.parse` does it: `__proto__` is a field like others. */
function set(fields: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
}
