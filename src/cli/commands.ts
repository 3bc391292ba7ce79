import type { Command } from './call.ts'

/** A command as data; its module is loaded when it is called. */
export interface CommandSpec {
  readonly name: string
  /** As commander writes arguments: `[targets...]`. */
  readonly args: string
  readonly about: string
  readonly examples?: readonly string[]
  /** Options beside those of the table: flag, what it does. */
  readonly own?: readonly (readonly [flag: string, about: string])[]
  readonly load: () => Promise<Command>
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
    load: async () => (await import('./commands/get.ts')).get,
  },
  {
    name: 'explain',
    args: '<targets...>',
    about: 'which source and route takes a target, and with what parameters; no network',
    examples: ['bowerbird explain https://imgur.com/a/abc12'],
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'resume',
    args: '',
    about: 'go on with interrupted runs of a library',
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  {
    name: 'retry',
    args: '',
    about: 'try failed items of a library again',
    own: [['--rejected', 'also what a screen or --where rejected']],
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  {
    name: 'find',
    args: '[words...]',
    about: 'ask the catalog: all items whose title, author, tags, key or path hold the words',
    own: [['--state <state>', 'only items in this state: listed, stored, rejected, missing or failed']],
    examples: ['bowerbird find sunset --where "width >= 2000"', 'bowerbird find --state failed'],
    load: async () => (await import('./commands/find.ts')).find,
  },
  {
    name: 'show',
    args: '<key>',
    about: 'everything the catalog knows of one item',
    load: async () => (await import('./commands/show.ts')).show,
  },
  {
    name: 'sources',
    args: '[names...]',
    about: 'what is supported, with options',
    load: async () => (await import('./commands/sources.ts')).sources,
  },
  {
    name: 'demo',
    args: '',
    about: 'collect from replicas of all sources into ./bowerbird-demo; no network',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'config',
    args: '<action>',
    about: 'init: write a commented configuration file; check: say what is wrong with it; schema: its JSON Schema',
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'completion',
    args: '<shell>',
    about: 'the completion script for bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
]
