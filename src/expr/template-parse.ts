import { Fault } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { pointAt } from './pointer.ts'
import { badDateFormat, DATE_TOKENS } from './template-dates.ts'
import { FILTERS } from './template-filters.ts'

export interface TemplateOptions {
  readonly kind: 'folder' | 'name'
  /** Where it comes from, for messages: `--folder`, `bowerbird.yaml:3:9`. */
  readonly origin?: string
}

export interface FilterCall {
  readonly name: string
  readonly args: readonly string[]
}

export interface Placeholder {
  readonly path: readonly string[]
  readonly format?: string
  readonly filters: readonly FilterCall[]
}

export type Part = { readonly text: string } | Placeholder

/** `04`: digits filled up with zeros to that many. */
export const ZERO_FILLED = /^0\d{1,2}$/

/** Many times what a path may have. */
const MOST_CHARACTERS = 4096

const FIELD = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/
const ROOTED = /^(?:\/|~\/|[A-Za-z]:(?![^/\\]))/

/** A piece of a placeholder with the mark in front of it, escapes resolved. */
interface Token {
  readonly mark: '' | ':' | '|'
  readonly text: string
  /** Offset in the template. */
  readonly at: number
}

/** The parts of a template. Throws a `Usage` fault that shows the place. */
export function parseParts(text: string, options: TemplateOptions): readonly Part[] {
  return new Parser(text, options).parse()
}

class Parser {
  readonly #text: string
  readonly #options: TemplateOptions
  #at = 0

  constructor(text: string, options: TemplateOptions) {
    this.#text = text
    this.#options = options
  }

  parse(): readonly Part[] {
    if (this.#text.length > MOST_CHARACTERS)
      throw new Fault('Usage', `a template has ${this.#text.length} characters (at most ${MOST_CHARACTERS})`)
    if (this.#text.trim() === '' && this.#options.kind === 'name')
      this.#fail('is empty', 0, 0, 'write at least one field, such as {title}')
    if (this.#options.kind === 'folder') this.#checkRelative()
    const parts: Part[] = []
    while (this.#at < this.#text.length)
      parts.push(this.#startsPlaceholder() ? this.#placeholder() : { text: this.#literal() })
    return parts
  }

  #checkRelative(): void {
    const rooted = ROOTED.exec(this.#text)
    if (rooted !== null)
      this.#fail('must be relative', 0, rooted[0].length, 'it stands below the library; choose the library with --to')
    const up = /(?<=^|\/)\.\.(?=\/|$)/.exec(this.#text)
    if (up !== null) this.#fail('leads out of the library', up.index, 2, 'choose the library with --to')
  }

  #startsPlaceholder(): boolean {
    return this.#text[this.#at] === '{' && this.#text[this.#at + 1] !== '{'
  }

  /** Text up to the next placeholder. */
  #literal(): string {
    let literal = ''
    while (this.#at < this.#text.length && !this.#startsPlaceholder()) {
      const character = this.#text[this.#at] ?? ''
      if (character === '{' || character === '}') this.#brace(character)
      this.#checkLiteral(character, this.#at)
      literal += character
      this.#at += 1
    }
    return literal
  }

  /** A brace in text is written twice; steps over the first one. */
  #brace(brace: string): void {
    if (this.#text[this.#at + 1] !== brace)
      this.#fail(
        `has a "${brace}" without its partner`,
        this.#at,
        1,
        `write "${brace}${brace}" for the character itself`,
      )
    this.#at += 1
  }

  #checkLiteral(character: string, at: number): void {
    if (character === '/' && this.#options.kind === 'name')
      this.#fail('holds a "/", but a name has no levels', at, 1, 'put levels into --folder')
    if (character === '\\' && this.#options.kind === 'folder')
      this.#fail('holds a "\\"', at, 1, 'write "/" between levels')
  }

  #placeholder(): Placeholder {
    const start = this.#at
    this.#at += 1
    const [field, ...rest] = this.#tokens(start)
    const path = this.#path(field, start)
    const [next] = rest
    const format = next?.mark === ':' ? this.#format(next) : undefined
    const filters = this.#filters(format === undefined ? rest : rest.slice(1))
    return { path, filters, ...(format === undefined ? {} : { format }) }
  }

  /** Field, format, filter names and arguments up to the closing brace. A format may hold colons: `HH:mm`. */
  #tokens(start: number): readonly Token[] {
    const tokens: Token[] = []
    let mark: Token['mark'] = ''
    let filtering = false
    while (this.#at < this.#text.length) {
      const inFormat = mark === ':' && !filtering
      const token = this.#token(mark, inFormat)
      tokens.push(token)
      const end = this.#text[this.#at]
      this.#at += 1
      if (end === '}') return tokens
      if (end === undefined) break
      mark = end === '|' ? '|' : ':'
      filtering ||= mark === '|'
    }
    return this.#fail('has a "{" that is never closed', start, 1, 'write "{{" for the character itself')
  }

  #token(mark: Token['mark'], colons: boolean): Token {
    const at = this.#at
    let text = ''
    while (this.#at < this.#text.length) {
      let character = this.#text[this.#at] ?? ''
      if (character === '}' || character === '|' || (character === ':' && !colons)) break
      if (character === '{')
        this.#fail('has a "{" inside a placeholder', this.#at, 1, 'close the one before it with "}", or write "\\{"')
      if (character === '\\') {
        this.#at += 1
        character = this.#text[this.#at] ?? ''
      }
      text += character
      this.#at += 1
    }
    return { mark, text, at }
  }

  #path(field: Token | undefined, start: number): readonly string[] {
    const name = field?.text ?? ''
    if (name === '')
      this.#fail('has a placeholder without a field', start, 2, 'write the name of a field, such as {title}')
    if (!FIELD.test(name))
      this.#fail(
        `has "${name}" where a field should stand`,
        start + 1,
        name.length,
        'a field is a name such as title, or a path such as meta.artist',
      )
    return name.split('.')
  }

  #format(token: Token): string {
    const bad = ZERO_FILLED.test(token.text) ? undefined : badDateFormat(token.text)
    if (bad === undefined) {
      if (this.#options.kind === 'name' && token.text.includes('/'))
        this.#checkLiteral('/', token.at + token.text.indexOf('/'))
      return token.text
    }
    const isFilter = Object.hasOwn(FILTERS, token.text.split(':')[0] ?? '')
    const advice = isFilter
      ? `a filter stands behind "|": {field|${token.text}}`
      : `a date format is made of ${DATE_TOKENS.join(' ')}; a number is filled up by 04`
    return this.#fail(`: ${bad}`, token.at, token.text.length, advice)
  }

  #filters(tokens: readonly Token[]): readonly FilterCall[] {
    const calls: FilterCall[] = []
    for (let position = 0; position < tokens.length;) {
      const name = tokens[position]
      if (name === undefined) break
      const args = tokens.slice(position + 1).slice(0, countArguments(tokens, position + 1))
      calls.push(this.#filter(name, args))
      position += 1 + args.length
    }
    return calls
  }

  #filter(name: Token, args: readonly Token[]): FilterCall {
    const kind = Object.hasOwn(FILTERS, name.text) ? FILTERS[name.text] : undefined
    if (kind === undefined)
      return this.#fail(
        `has an unknown filter "${name.text}"`,
        name.at,
        name.text.length,
        didYouMean(name.text, Object.keys(FILTERS)),
      )
    const call = { name: name.text, args: args.map(({ text }) => text) }
    const [least, most] = kind.takes
    const usage = `write it as ${kind.usage}: ${kind.about}`
    if (args.length < least || args.length > most)
      this.#fail(`uses the filter "${name.text}" with ${args.length} arguments`, name.at, name.text.length, usage)
    if (name.text === 'or' && !FIELD.test(call.args[0] ?? ''))
      this.#fail('uses the filter "or" without a field', name.at, 2, usage)
    try {
      kind.make(call.args)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#fail(`: the filter "${name.text}" ${error.message}`, name.at, name.text.length, usage)
    }
    return call
  }

  #fail(what: string, at: number, length: number, advice: string): never {
    const origin = this.#options.origin === undefined ? '' : ` (${this.#options.origin})`
    const subject = `the ${this.#options.kind} template${origin}`
    const sentence = what.startsWith(':') ? subject + what : `${subject} ${what}`
    const pointer = pointAt(this.#text, at, at + length)
    throw new Fault('Usage', `${sentence}:\n${pointer}`, { where: `column ${at + 1}`, advice })
  }
}

function countArguments(tokens: readonly Token[], from: number): number {
  const next = tokens.findIndex(({ mark }, position) => position >= from && mark === '|')
  return (next === -1 ? tokens.length : next) - from
}
