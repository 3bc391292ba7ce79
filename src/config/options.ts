import type { Option } from './option.ts'
import { FILE_OPTIONS } from './options-files.ts'
import { NETWORK_OPTIONS } from './options-network.ts'
import { OUTPUT_OPTIONS } from './options-output.ts'
import { SELECTION_OPTIONS } from './options-selection.ts'

/**
 * Every option, once, as data: the command line, its help, the schema of the configuration file, the environment, and
 * the documentation are made from this table. It imports nothing but data, so that `--help` loads nothing else.
 */
export const OPTIONS = {
  ...SELECTION_OPTIONS,
  ...FILE_OPTIONS,
  ...NETWORK_OPTIONS,
  ...OUTPUT_OPTIONS,
} as const satisfies Record<string, Option>

export type OptionName = keyof typeof OPTIONS

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[]

/** The row of an option, seen as any other. */
export function optionOf(name: OptionName): Option {
  return OPTIONS[name]
}

/** The options that a command takes, in the order of the table. */
export function optionsOf(command: string): readonly OptionName[] {
  return OPTION_NAMES.filter((name) => {
    const { commands } = optionOf(name)
    return commands === 'every' || commands.includes(command)
  })
}

/** Options that may stand in the configuration file and the environment. */
export const LASTING_NAMES: readonly OptionName[] = OPTION_NAMES.filter((name) => optionOf(name).callOnly !== true)

/** `perHost` → `BOWERBIRD_PER_HOST`. */
export function variableOf(name: string): string {
  return `BOWERBIRD_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

/** What one option of one source's section may override. */
export const SOURCE_OVERRIDES = ['folder', 'name', 'where', 'limit'] as const satisfies readonly OptionName[]

/** Options of later versions, and what to do in this one. */
export const LATER_OPTIONS: Readonly<Record<string, string>> = {
  queue: 'this version collects in one process: leave it out',
  live: '`bowerbird doctor` checks library and set-up; `bowerbird get TARGET --dry-run` asks a site',
}

/** Places that this version does not know, by the beginning of their value; each with what to do instead. */
export const LATER_PLACES: readonly {
  readonly option: OptionName
  readonly pattern: RegExp
  readonly advice: string
}[] = [
  {
    option: 'to',
    pattern: /^[a-z][a-z0-9+.-]*:\/\//i,
    advice: 'this version stores in folders: name one with --to DIR',
  },
  {
    option: 'catalog',
    pattern: /^[a-z][a-z0-9+.-]*:\/\//i,
    advice: 'this version keeps its catalog in a file: name one with --catalog FILE',
  },
]
