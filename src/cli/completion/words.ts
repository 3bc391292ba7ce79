import { optionOf, optionsOf } from '../../config/options.ts'
import type { OptionKind } from '../../config/option.ts'
import { COMMANDS } from '../commands.ts'

/** One switch or option as a shell completes it. */
export interface CompletedOption {
  /** `--jobs` and `-j`. */
  readonly flags: readonly string[]
  readonly about: string
  /** What stands behind it: nothing, one of some words, a path, or anything. */
  readonly takes: 'nothing' | 'words' | 'path' | 'text'
  readonly words: readonly string[]
}

export interface CompletedCommand {
  readonly name: string
  readonly about: string
  readonly options: readonly CompletedOption[]
  /** What its arguments may be; short forms of sources end in a colon. */
  readonly words: readonly string[]
}

const STATES = ['listed', 'fetching', 'stored', 'rejected', 'missing', 'failed']

/** Everything the shells are told, from the tables of commands and options. */
export function completions(sources: readonly string[]): readonly CompletedCommand[] {
  return COMMANDS.map(({ name, about, choices, own }) => ({
    name,
    about,
    options: [...optionsOf(name).flatMap(fromTable), ...(own ?? []).map(ownOption), HELP],
    words: choices ?? wordsOf(name, sources),
  }))
}

const HELP: CompletedOption = { flags: ['--help', '-h'], about: 'print help', takes: 'nothing', words: [] }

function wordsOf(command: string, sources: readonly string[]): readonly string[] {
  if (command === 'sources') return sources
  return command === 'get' || command === 'explain' ? sources.map((name) => `${name}:`) : []
}

function fromTable(name: Parameters<typeof optionOf>[0]): readonly CompletedOption[] {
  const { flag, short, about, argument, kind, choices = [], switches = [] } = optionOf(name)
  return [
    { flags: withShort(flag, short), about, takes: argument === undefined ? 'nothing' : takes(kind), words: choices },
    ...switches.map((each) => ({
      flags: withShort(each.flag, each.short),
      about: each.about,
      takes: 'nothing' as const,
      words: [],
    })),
  ]
}

function takes(kind: OptionKind): CompletedOption['takes'] {
  if (kind === 'choice') return 'words'
  return kind === 'path' ? 'path' : 'text'
}

/** `-o, --to <DIR>` as the table of commands writes it. */
function ownOption([written, about]: readonly [flag: string, about: string]): CompletedOption {
  const flags = written.split(/[ ,]+/).filter((part) => part.startsWith('-'))
  const value = /<(\w+)>/.exec(written)?.[1]
  if (value === undefined) return { flags, about, takes: 'nothing', words: [] }
  if (value === 'STATE') return { flags, about, takes: 'words', words: STATES }
  return { flags, about, takes: value === 'DIR' || value === 'FILE' ? 'path' : 'text', words: [] }
}

function withShort(flag: string, short: string | undefined): readonly string[] {
  return short === undefined ? [flag] : [flag, short]
}
