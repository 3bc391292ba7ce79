/** How a value is written; see `KINDS` for what each allows. */
export type OptionKind =
  | 'switch'
  | 'text'
  | 'path'
  | 'count'
  | 'number'
  | 'size'
  | 'seconds'
  | 'span'
  | 'choice'
  | 'url'
  | 'expression'
  | 'template'
  | 'header'
  | 'agent'
  | 'connect-to'

/** What a value of each kind may be, in words. */
export const KINDS: Readonly<Record<OptionKind, string>> = {
  switch: 'true or false',
  text: 'text',
  path: 'a path',
  count: 'a whole number',
  number: 'a number above 0, such as 2 or 0.5',
  size: 'a number of bytes, such as 512K, 1.5M or 4G',
  seconds: 'a number of seconds above 0, such as 10 or 0.5',
  span: 'a position or a range, such as 5, 1-20, 5- or -20',
  choice: 'one of the words',
  url: 'a proxy such as http://host:8080 or socks5://host:1080',
  expression: 'a CEL expression that is true or false, such as width >= 2000 && kind == "image"',
  template: 'a template, such as {source}/{author}',
  agent: 'a line of plain letters, digits and signs',
  header: 'a header, such as "Referer: https://example.org/"',
  'connect-to': 'HOST1:PORT1:HOST2:PORT2, where HOST1 and PORT1 may be empty',
}

export type OptionGroup = 'library' | 'selection' | 'naming' | 'files' | 'speed' | 'network' | 'output' | 'general'

/** What stands above a group in help and in a new configuration file. */
export const GROUPS: Readonly<Record<OptionGroup, string>> = {
  library: 'Library',
  selection: 'What to collect',
  naming: 'Where files go',
  files: 'How files are treated',
  speed: 'Speed and patience',
  network: 'Network',
  output: 'Output',
  general: 'General',
}

/** Commands that explore or fetch. */
export const COLLECT = ['get', 'search', 'update', 'resume', 'retry'] as const
/** Commands that fetch. */
export const FETCH = [...COLLECT, 'verify'] as const
/** Commands that name targets. */
export const TARGETS = ['get', 'search'] as const
/** Commands that open a library. */
export const LIBRARY = [
  ...COLLECT,
  'follow',
  'unfollow',
  'follows',
  'find',
  'show',
  'verify',
  'dedupe',
  'export',
  'import',
  'doctor',
  'serve',
] as const

export interface Option {
  /** `--per-host`; `--no-fsync` switches off what the key `fsync` names. */
  readonly flag: string
  readonly short?: string
  /** Name of the value in help; a switch has none. */
  readonly argument?: string
  readonly kind: OptionKind
  /** What is asked of a `choice`. */
  readonly choices?: readonly string[]
  /** Least value of a `count` or `size`. */
  readonly least?: number
  /** One line for help; the sentence begins small and has no full stop. */
  readonly about: string
  /** The same of the key in the configuration file, where the flag switches it off. */
  readonly keyAbout?: string
  /** As one would write it. */
  readonly default?: string | number | boolean
  /** What holds where nothing is said and no single value tells it. */
  readonly otherwise?: string
  readonly repeatable?: true
  readonly group: OptionGroup
  /** `every`: all there are. */
  readonly commands: readonly string[] | 'every'
  readonly example?: string
  /** Said for one call only: neither in the configuration file nor in the environment. */
  readonly callOnly?: true
  /** The value may carry a secret: never shown. */
  readonly secret?: true
  /** Further switches that set this option. */
  readonly switches?: readonly {
    readonly flag: string
    readonly short?: string
    readonly value: string
    readonly about: string
  }[]
}
