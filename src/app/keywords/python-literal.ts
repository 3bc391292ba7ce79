/** A value that Python's `repr` writes of text, numbers, lists, tuples and dicts. A dict is a map: it keeps its order. */
export type PythonValue = string | number | boolean | null | readonly PythonValue[] | ReadonlyMap<string, PythonValue>

/** Deeper than any index; keeps a hostile file from filling the stack. */
const MOST_DEPTH = 16

const BLANK = /(?:\s|#[^\n]*)*/y
const WORD = /None|True|False/y
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const PREFIX = /[uUrRbB]{0,2}(?=['"])/y
const WORDS: Readonly<Record<string, boolean | null>> = { None: null, True: true, False: false }
const SIMPLE: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '', n: '\n', r: '\r', t: '\t' },
  ...{ a: '\u0007', b: '\b', f: '\f', v: '\v' },
}
const CODE = /x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})/y

/** What is wrong, and where: an offset into the text. */
export class PythonSyntaxError extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/** Reads a literal of Python. Nothing is evaluated: what is no literal is an error. */
export function parsePythonLiteral(text: string): PythonValue {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): PythonValue {
    if (depth > MOST_DEPTH) throw this.#error('too many levels')
    this.#match(BLANK)
    switch (this.#text[this.#at]) {
      case '{':
        return this.#dict(depth)
      case '[':
        return this.#items(']', depth)
      case '(':
        return this.#items(')', depth)
      default:
        return this.#scalar()
    }
  }

  end(): void {
    this.#match(BLANK)
    if (this.#at < this.#text.length) throw this.#error('something stands behind the end')
  }

  #dict(depth: number): ReadonlyMap<string, PythonValue> {
    const entries = new Map<string, PythonValue>()
    this.#at += 1
    while (!this.#takes('}')) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string') throw this.#error('a key that is no text')
      if (!this.#takes(':')) throw this.#error('a ":" is missing')
      entries.set(key, this.value(depth + 1))
      if (!this.#takes(',') && !this.#sees('}')) throw this.#error('a "," or "}" is missing')
    }
    return entries
  }

  #items(close: string, depth: number): readonly PythonValue[] {
    const items: PythonValue[] = []
    this.#at += 1
    while (!this.#takes(close)) {
      items.push(this.value(depth + 1))
      if (!this.#takes(',') && !this.#sees(close)) throw this.#error(`a "," or "${close}" is missing`)
    }
    return items
  }

  #scalar(): PythonValue {
    const word = this.#match(WORD)
    if (word !== undefined) return WORDS[word[0]] ?? null
    const number = this.#match(NUMBER)
    if (number !== undefined) return Number(number[0])
    const prefix = this.#match(PREFIX)
    if (prefix === undefined) throw this.#error('text in quotes, a number, a list or a dict is missing')
    let text = this.#string(/r/i.test(prefix[0]))
    // Texts that stand side by side are one.
    for (this.#match(BLANK); this.#sees("'") || this.#sees('"'); this.#match(BLANK)) text += this.#string(false)
    return text
  }

  #string(raw: boolean): string {
    const start = this.#at
    const quote = this.#text[start] ?? ''
    const marks = this.#text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote
    let text = ''
    for (this.#at += marks.length; !this.#text.startsWith(marks, this.#at);) {
      const sign = this.#text[this.#at]
      if (sign === undefined || (sign === '\n' && marks.length === 1))
        throw new PythonSyntaxError('a quote is never closed', start)
      this.#at += 1
      text += sign === '\\' ? this.#escape(raw) : sign
    }
    this.#at += marks.length
    return text
  }

  #escape(raw: boolean): string {
    const sign = this.#text[this.#at] ?? ''
    const code = raw ? undefined : this.#match(CODE)
    if (code !== undefined) {
      const [, two, four, eight, octal] = code
      const point = octal === undefined ? Number.parseInt(two ?? four ?? eight ?? '', 16) : Number.parseInt(octal, 8)
      if (point > 0x10ffff) throw this.#error('no such character')
      return String.fromCodePoint(point)
    }
    this.#at += 1
    return raw ? `\\${sign}` : (SIMPLE[sign] ?? `\\${sign}`)
  }

  /** Behind blanks and comments; taken where it is there. */
  #takes(sign: string): boolean {
    if (!this.#sees(sign)) return false
    this.#at += 1
    return true
  }

  #sees(sign: string): boolean {
    this.#match(BLANK)
    return this.#text[this.#at] === sign
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match
  }

  #error(message: string): PythonSyntaxError {
    return new PythonSyntaxError(message, this.#at)
  }
}
