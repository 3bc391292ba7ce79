import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Document, Pair, ParsedNode, Scalar, YAMLMap } from 'yaml'
import { Fault } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { whyUnreadable } from '../core/unreadable.ts'
import { emptyLayer, sayForSource, type Layer } from './layer.ts'
import { LASTING_NAMES, LATER_OPTIONS, OPTIONS, optionOf, OPTION_NAMES, type OptionName } from './options.ts'
import type { Origin, Problems } from './problems.ts'
import { sameName } from './values.ts'

/** Aliases of aliases make a small file endless. */
const MOST_ALIASES = 100

export type Environment = Readonly<Record<string, string | undefined>>

/** Where the configuration file is looked for when nobody names one. */
export function defaultConfigPath(environment: Environment): string {
  const home = environment['XDG_CONFIG_HOME']
  const folder = home !== undefined && isAbsolute(home) ? home : join(environment['HOME'] ?? homedir(), '.config')
  return join(folder, 'bowerbird', 'config.yaml')
}

/** The text of the file; nothing when it was not asked for by name and is not there. */
export async function readConfigFile(path: string, named: boolean): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (!named && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
    const advice =
      code === 'ENOENT'
        ? 'make one with `bowerbird config init`, or leave out --config'
        : 'mend the file or its permissions'
    throw new Fault('Config', `the configuration file ${path} cannot be read: ${whyUnreadable(error)}`, {
      advice,
      cause: error,
    })
  }
}

/** What the file says. Mistakes become problems with line and column. */
export async function layerOfYaml(text: string, path: string, problems: Problems): Promise<Layer> {
  const yaml = await import('yaml')
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset)
    return { layer: 'file', label: `${path}:${line}:${col}` }
  }
  for (const { pos, code, message } of soundErrors([...document.errors, ...document.warnings])) {
    problems.add(at(pos[0]), code === 'DUPLICATE_KEY' ? 'this key stands here a second time' : message)
  }
  const reader = new Reader({ document, at, problems, isMap: yaml.isMap, isScalar: yaml.isScalar })
  return document.errors.length > 0 ? emptyLayer() : reader.read()
}

/** One mistake in the syntax leads to others that are none: the first is enough. */
function soundErrors<T extends { readonly code: string }>(errors: readonly T[]): readonly T[] {
  const duplicates = errors.filter(({ code }) => code === 'DUPLICATE_KEY')
  return duplicates.length > 0 ? duplicates : errors.slice(0, 1)
}

interface ReaderParts {
  readonly document: Document.Parsed
  readonly at: (offset: number) => Origin
  readonly problems: Problems
  readonly isMap: (node: unknown) => node is YAMLMap<ParsedNode, ParsedNode | null>
  readonly isScalar: (node: unknown) => node is Scalar
}

class Reader {
  readonly #parts: ReaderParts
  readonly #layer = emptyLayer()

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  read(): Layer {
    const { document, isMap, isScalar, at, problems } = this.#parts
    const { contents } = document
    if (contents === null || (isScalar(contents) && contents.value === null)) return this.#layer
    if (isMap(contents)) for (const pair of contents.items) this.#option(pair)
    else problems.add(at(contents.range[0]), 'the file must be a list of `key: value` lines')
    return this.#layer
  }

  #option(pair: Pair<ParsedNode, ParsedNode | null>): void {
    const key = String(pair.key)
    if (key === 'sources') return this.#sections(pair)
    const name = LASTING_NAMES.find((one) => one === key)
    if (name === undefined) return this.#parts.problems.add(this.#at(pair.key), unknownKey(key))
    const value = this.#value(pair)
    if (value !== undefined) this.#layer.options.set(name, { value, origin: this.#at(pair.value ?? pair.key) })
  }

  #sections(pair: Pair<ParsedNode, ParsedNode | null>): void {
    for (const source of this.#items(pair, 'sources')) {
      for (const option of this.#items(source, `sources.${String(source.key)}`)) {
        const value = this.#value(option)
        const origin = this.#at(option.value ?? option.key)
        if (value !== undefined) sayForSource(this.#layer, String(source.key), String(option.key), { value, origin })
      }
    }
  }

  /** The pairs of a map; a key with nothing behind it has none. */
  #items(pair: Pair<ParsedNode, ParsedNode | null>, name: string): readonly Pair<ParsedNode, ParsedNode | null>[] {
    const { isMap, problems } = this.#parts
    if (isMap(pair.value)) return pair.value.items
    if (this.#value(pair) !== null)
      problems.add(this.#at(pair.value ?? pair.key), `${name} must hold \`name: value\` lines`)
    return []
  }

  #value(pair: Pair<ParsedNode, ParsedNode | null>): unknown {
    try {
      return pair.value === null ? null : pair.value.toJS(this.#parts.document, { maxAliasCount: MOST_ALIASES })
    } catch (error) {
      this.#parts.problems.add(this.#at(pair.value ?? pair.key), error instanceof Error ? error.message : String(error))
      return undefined
    }
  }

  #at(node: ParsedNode): Origin {
    return this.#parts.at(node.range[0])
  }
}

/** Why a key is not taken. */
function unknownKey(key: string): string {
  const later = Object.hasOwn(LATER_OPTIONS, key) ? LATER_OPTIONS[key] : undefined
  if (later !== undefined) return `"${key}" is of a later version; ${later}`
  const same = sameName(key, OPTION_NAMES)
  if (same !== undefined && optionOf(same).callOnly === true)
    return `"${key}" is said for one call only: ${OPTIONS[same].flag}`
  if (same !== undefined) return `"${key}" is not known here; did you mean "${same}"?`
  return `"${key}" is not known here; ${didYouMean(key, [...LASTING_NAMES, 'sources'] satisfies readonly (OptionName | 'sources')[])}`
}
