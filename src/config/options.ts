/**
 * Every option, once, as data: the command line, its help, the schema of the configuration file, the environment, and
 * the documentation are made from this table. No import here, so that `--help` loads nothing else.
 */

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
const COLLECT = ['get', 'search', 'update', 'resume', 'retry'] as const
/** Commands that name targets. */
const TARGETS = ['get', 'search'] as const
/** Commands that open a library. */
const LIBRARY = [
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

export const OPTIONS = {
  to: {
    flag: '--to',
    short: '-o',
    argument: 'DIR',
    kind: 'path',
    default: './bowerbird',
    about: 'the library, a folder',
    group: 'library',
    commands: LIBRARY,
    example: '~/Pictures/collected',
  },
  catalog: {
    flag: '--catalog',
    argument: 'FILE',
    kind: 'path',
    otherwise: '.bowerbird/catalog.db inside the library',
    about: 'the catalog of what is there',
    group: 'library',
    commands: LIBRARY,
  },

  input: {
    flag: '--input',
    short: '-i',
    argument: 'FILE',
    kind: 'path',
    repeatable: true,
    about: 'more targets, one a line, # for comments, - for standard input',
    group: 'selection',
    commands: ['get', 'follow'],
    example: 'targets.txt',
  },
  range: {
    flag: '--range',
    argument: 'A-B',
    kind: 'span',
    otherwise: 'all',
    about: 'only these items of each target, from 1',
    group: 'selection',
    commands: TARGETS,
    example: '1-200',
  },
  pages: {
    flag: '--pages',
    argument: 'A-B',
    kind: 'span',
    otherwise: 'all',
    about: 'only these pages of each target, from 1',
    group: 'selection',
    commands: TARGETS,
    example: '1-3',
  },
  limit: {
    flag: '--limit',
    argument: 'N',
    kind: 'count',
    least: 1,
    otherwise: 'none',
    about: 'stop a target when so many of its items are stored or known',
    group: 'selection',
    commands: COLLECT,
    example: '100',
  },
  where: {
    flag: '--where',
    argument: 'CEL',
    kind: 'expression',
    about: 'only items for which this holds; what only the file tells is asked once it is here',
    group: 'selection',
    commands: [...COLLECT, 'find'],
    example: 'width >= 2000 && kind == "image"',
  },
  screen: {
    flag: '--screen',
    argument: 'NAME[=ARG]',
    kind: 'text',
    repeatable: true,
    about: 'reject fetched files: min-size=WxH, type=LIST, duplicates',
    group: 'selection',
    commands: COLLECT,
    example: 'min-size=800x600',
  },
  option: {
    flag: '--option',
    argument: 'SOURCE.NAME=VALUE',
    kind: 'text',
    repeatable: true,
    callOnly: true,
    about: 'an option of a source; in the configuration file they stand under "sources"',
    group: 'selection',
    commands: COLLECT,
    example: 'imgur.gif=mp4',
  },
  globoff: {
    flag: '--globoff',
    short: '-g',
    kind: 'switch',
    default: false,
    about: 'take []{} in URLs literally',
    group: 'selection',
    commands: ['get', 'follow', 'explain'],
  },

  folder: {
    flag: '--folder',
    argument: 'TEMPLATE',
    kind: 'template',
    otherwise: "the source's",
    about: 'the folder of a file, below the library',
    group: 'naming',
    commands: COLLECT,
    example: '{source}/{author}',
  },
  name: {
    flag: '--name',
    argument: 'TEMPLATE',
    kind: 'template',
    otherwise: "the source's",
    about: 'the name of a file, without extension',
    group: 'naming',
    commands: COLLECT,
    example: '{date:YYYY-MM-DD} {title|max:80}',
  },

  overwrite: {
    flag: '--overwrite',
    kind: 'switch',
    default: false,
    about: 'fetch again what is there',
    group: 'files',
    commands: COLLECT,
  },
  sidecar: {
    flag: '--sidecar',
    kind: 'switch',
    default: false,
    about: 'a JSON file of metadata beside each file',
    group: 'files',
    commands: COLLECT,
  },
  extract: {
    flag: '--extract',
    kind: 'switch',
    default: false,
    about: 'unpack archives that a source delivers',
    group: 'files',
    commands: COLLECT,
  },
  verify: {
    flag: '--verify',
    argument: 'DEPTH',
    kind: 'choice',
    choices: ['structure', 'decode'],
    default: 'structure',
    about: 'how deep a file is checked: its structure, or every pixel',
    group: 'files',
    commands: COLLECT,
  },
  maxSize: {
    flag: '--max-size',
    argument: 'SIZE',
    kind: 'size',
    least: 1,
    otherwise: '4G, images 512M',
    about: 'a file larger than this is refused, also while it is received',
    group: 'files',
    commands: COLLECT,
    example: '2G',
  },
  fsync: {
    flag: '--no-fsync',
    kind: 'switch',
    default: true,
    about: 'do not force each file to the disk before it is recorded; a power cut may then lose the newest',
    group: 'files',
    commands: COLLECT,
  },

  jobs: {
    flag: '--jobs',
    short: '-j',
    argument: 'N',
    kind: 'count',
    least: 1,
    default: 24,
    about: 'transfers at once',
    group: 'speed',
    commands: COLLECT,
  },
  perHost: {
    flag: '--per-host',
    argument: 'N',
    kind: 'count',
    least: 1,
    otherwise: "the source's advice, else as --jobs",
    about: 'transfers at once to one host',
    group: 'speed',
    commands: COLLECT,
    example: '4',
  },
  rate: {
    flag: '--rate',
    argument: 'N',
    kind: 'number',
    otherwise: "the source's advice, else none",
    about: 'requests per second to one host',
    group: 'speed',
    commands: COLLECT,
    example: '0.5',
  },
  limitRate: {
    flag: '--limit-rate',
    argument: 'BYTES',
    kind: 'size',
    least: 1,
    otherwise: 'none',
    about: 'bytes per second in all',
    group: 'speed',
    commands: COLLECT,
    example: '4M',
  },
  minSpeed: {
    flag: '--min-speed',
    argument: 'BYTES',
    kind: 'size',
    least: 0,
    default: '1K',
    about: 'a transfer slower than this for 30 seconds is tried again; 0 for none',
    group: 'speed',
    commands: COLLECT,
  },
  timeout: {
    flag: '--timeout',
    argument: 'SECONDS',
    kind: 'seconds',
    otherwise: '8 to connect, 30 else; a source may advise',
    about: 'patience to connect, to the first byte, and between bytes',
    group: 'speed',
    commands: COLLECT,
    example: '60',
  },
  retries: {
    flag: '--retries',
    argument: 'N',
    kind: 'count',
    least: 0,
    default: 4,
    about: 'further tries, with growing pauses',
    group: 'speed',
    commands: COLLECT,
  },

  cookies: {
    flag: '--cookies',
    argument: 'FILE',
    kind: 'path',
    about: 'cookies in the format of Netscape',
    group: 'network',
    commands: COLLECT,
    example: 'cookies.txt',
  },
  cookiesFromBrowser: {
    flag: '--cookies-from-browser',
    argument: 'NAME',
    kind: 'text',
    about: "Firefox's cookies, or Chromium's on Linux",
    group: 'network',
    commands: COLLECT,
    example: 'firefox',
  },
  header: {
    flag: '--header',
    short: '-H',
    argument: 'LINE',
    kind: 'header',
    repeatable: true,
    secret: true,
    about: 'a further request header, for the sites that you named and no others',
    group: 'network',
    commands: COLLECT,
    example: 'Referer: https://example.org/',
  },
  userAgent: {
    flag: '--user-agent',
    argument: 'TEXT',
    kind: 'text',
    otherwise: 'the name and version of the program',
    about: 'the user agent',
    group: 'network',
    commands: COLLECT,
    example: 'my-archive/1.0',
  },
  proxy: {
    flag: '--proxy',
    argument: 'URL',
    kind: 'url',
    secret: true,
    otherwise: 'from http_proxy, https_proxy, all_proxy, no_proxy',
    about: 'the proxy for everything',
    group: 'network',
    commands: COLLECT,
    example: 'socks5://127.0.0.1:1080',
  },
  connectTo: {
    flag: '--connect-to',
    argument: 'H1:P1:H2:P2',
    kind: 'connect-to',
    repeatable: true,
    about: 'connect to H2:P2 in place of H1:P1; an empty H1 or P1 matches any',
    group: 'network',
    commands: COLLECT,
    example: 'example.org:443:127.0.0.1:8443',
  },
  cacert: {
    flag: '--cacert',
    argument: 'FILE',
    kind: 'path',
    about: 'trust these certificates (PEM) in place of the built-in ones',
    group: 'network',
    commands: COLLECT,
    example: 'ca.pem',
  },
  robots: {
    flag: '--robots',
    kind: 'switch',
    default: false,
    about: 'obey robots.txt and opt-out headers',
    group: 'network',
    commands: COLLECT,
  },

  dryRun: {
    flag: '--dry-run',
    kind: 'switch',
    default: false,
    callOnly: true,
    about: 'explore and plan, fetch no file',
    group: 'output',
    commands: COLLECT,
  },
  print: {
    flag: '--print',
    argument: 'WHAT',
    kind: 'choice',
    choices: ['url', 'path', 'json'],
    callOnly: true,
    about: 'one line per item on standard output',
    group: 'output',
    commands: COLLECT,
  },
  json: {
    flag: '--json',
    kind: 'switch',
    default: false,
    callOnly: true,
    about: 'everything that happens as NDJSON on standard output',
    group: 'output',
    commands: 'every',
  },
  progress: {
    flag: '--no-progress',
    kind: 'switch',
    default: true,
    about: 'no live view on standard error',
    group: 'output',
    commands: COLLECT,
  },
  verbosity: {
    flag: '--verbosity',
    argument: 'LEVEL',
    kind: 'choice',
    choices: ['quiet', 'normal', 'verbose'],
    default: 'normal',
    about: 'how much is said on standard error',
    group: 'output',
    commands: 'every',
    switches: [
      { flag: '--verbose', short: '-v', value: 'verbose', about: 'say more' },
      { flag: '--quiet', short: '-q', value: 'quiet', about: 'say only what went wrong' },
    ],
  },

  config: {
    flag: '--config',
    argument: 'FILE',
    kind: 'path',
    callOnly: true,
    otherwise: '$XDG_CONFIG_HOME/bowerbird/config.yaml',
    about: 'the configuration file',
    group: 'general',
    commands: 'every',
  },
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
  queue: 'This version collects in one process: leave it out.',
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
    advice: 'This version stores in folders: name one with --to DIR.',
  },
  {
    option: 'catalog',
    pattern: /^[a-z][a-z0-9+.-]*:\/\//i,
    advice: 'This version keeps its catalog in a file: name one with --catalog FILE.',
  },
]
