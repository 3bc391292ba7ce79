/** A command as data; `load.ts` has its module. */
export interface CommandSpec {
  readonly name: string
  /** As commander writes arguments: `[targets...]`. */
  readonly args: string
  readonly about: string
  readonly examples?: readonly string[]
  /** Options beside those of the table: flag, what it does. */
  readonly own?: readonly (readonly [flag: string, about: string])[]
  /** Words that the argument may be, for completion. */
  readonly choices?: readonly string[]
}

/** Every command, in the order of the help. `get` is the default. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'get',
    args: '[targets...]',
    about: 'collect targets (the default command)',
    examples: [
      'bowerbird imgur:r/earthporn --limit 100',
      "bowerbird get 'https://example.org/scans/{0001..0250}.jpg' -o scans -j 8",
      'bowerbird louvre:cl010062370 --sidecar',
    ],
  },
  {
    name: 'search',
    args: '[words...]',
    about: 'image search by keyword, then collect: a folder for each keyword, its images by number',
    own: [
      ['--csv <FILE>', 'keywords from a table, one a row; - for standard input'],
      ['--column <NAME>', 'the column of the table that has them, by its header or number'],
    ],
    examples: [
      'bowerbird search "red panda" cat --limit 50',
      'bowerbird search bowerbird --provider commons --to birds',
      'bowerbird search --csv queries.csv --column animal',
      'bowerbird get --from-index birds/keyword_urls.json --to copy',
    ],
  },
  {
    name: 'follow',
    args: '[targets...]',
    about: 'remember targets that `update` visits again',
    own: [['--stop <URL>', 'page or file of the newest item that you have: older ones count as seen']],
    examples: [
      'bowerbird follow imgur:r/earthporn imgur:user/somebody',
      'bowerbird follow imgur:r/earthporn --stop https://imgur.com/AbCdEf1',
      'bowerbird follow --input artists.txt --to scans',
    ],
  },
  {
    name: 'unfollow',
    args: '<names...>',
    about: 'forget targets that were followed; what was collected stays',
    examples: ['bowerbird unfollow imgur:r/earthporn', 'bowerbird unfollow earthporn'],
  },
  { name: 'follows', args: '', about: 'what is followed, and when it was last updated' },
  {
    name: 'update',
    args: '[names...]',
    about: 'visit followed targets again, all or those named; only what is new is fetched',
    examples: [
      'bowerbird update',
      'bowerbird update earthporn --to scans',
      'bowerbird update imgur --dry-run --print url',
    ],
  },
  {
    name: 'import',
    args: '<file>',
    about: 'follow what info.json of the DeviantArt scraper names, each artist from the work it visited last',
    examples: ['bowerbird import info.json', 'bowerbird import info.json --to ~/Pictures'],
  },
  {
    name: 'explain',
    args: '<targets...>',
    about: 'which source and route takes a target, and with what parameters; no network',
    examples: ['bowerbird explain https://imgur.com/a/abc12'],
  },
  {
    name: 'resume',
    args: '',
    about: 'go on with interrupted runs of a library',
    examples: ['bowerbird resume --to scans'],
  },
  {
    name: 'retry',
    args: '',
    about: 'try failed items of a library again',
    own: [['--rejected', 'also what a screen or --where rejected']],
    examples: ['bowerbird retry --to scans', 'bowerbird retry --to scans --retries 10 --per-host 2'],
  },
  {
    name: 'find',
    args: '[words...]',
    about: 'ask the catalog: all items whose title, author, tags, key or path hold the words',
    own: [['--state <STATE>', 'only items in this state: listed, fetching, stored, rejected, missing or failed']],
    examples: [
      "bowerbird find sunset --where 'width >= 2000'",
      'bowerbird find --state failed --to scans',
      'bowerbird find red panda --print path',
    ],
  },
  {
    name: 'show',
    args: '<item>',
    about: 'everything the catalog knows of one item: its key, or the path of its file',
    examples: ['bowerbird show imgur:wWwA1k6', "bowerbird show 'bowerbird/imgur/ghost/wWwA1k6 A title.jpg'"],
  },
  {
    name: 'verify',
    args: '[words...]',
    about: 'hash every file of a library against its catalog, or those of the items whose text holds the words',
    own: [
      ['--repair', 'fetch again what is missing or changed; a changed file stays, and the new one stands beside it'],
    ],
    examples: [
      'bowerbird verify --to scans',
      'bowerbird verify --repair --to scans',
      'bowerbird verify --where \'kind == "archive"\' --json',
    ],
  },
  {
    name: 'doctor',
    args: '',
    about: 'check library and set-up: what is wrong, and what to do',
    own: [
      [
        '--rebuild',
        'make a new catalog in place of a damaged one: of its last backup, of what it still gives, and of the files that stand there',
      ],
    ],
    examples: ['bowerbird doctor', 'bowerbird doctor --rebuild --to scans'],
  },
  {
    name: 'sources',
    args: '[names...]',
    about: 'what is supported; of a named source its routes, options and limits',
    examples: ['bowerbird sources', 'bowerbird sources imgur'],
  },
  {
    name: 'demo',
    args: '',
    about: 'collect from replicas of all sources into ./bowerbird-demo; no network',
    own: [['-o, --to <DIR>', 'the library (default: ./bowerbird-demo)']],
    examples: ['bowerbird demo', 'bowerbird demo --to /tmp/demo'],
  },
  {
    name: 'config',
    args: '<action>',
    about: 'init: write a commented configuration file; check: say what is wrong with it; schema: its JSON Schema',
    choices: ['init', 'check', 'schema'],
    examples: ['bowerbird config init', 'bowerbird config check --config mine.yaml'],
  },
  {
    name: 'completion',
    args: '<shell>',
    about: 'the completion script for bash, zsh or fish',
    choices: ['bash', 'zsh', 'fish'],
    examples: [
      'source <(bowerbird completion bash)',
      'bowerbird completion zsh > "${fpath[1]}/_bowerbird"',
      'bowerbird completion fish > ~/.config/fish/completions/bowerbird.fish',
    ],
  },
]

/** Commands of later versions, and what to do in this one. */
export const LATER_COMMANDS: Readonly<Record<string, string>> = {
  dedupe: '`bowerbird get --screen duplicates` keeps exact duplicates out',
  export: '`bowerbird find --json` prints what the catalog knows, one item a line',
  serve: '`bowerbird find` asks the catalog',
  worker: 'this version collects in one process',
}
