import { Command as Program, Option as ProgramOption } from 'commander'
import { optionOf, optionsOf } from '../config/options.ts'
import type { OptionName } from '../config/options.ts'
import type { Option } from '../config/option.ts'
import { COLLECT, GROUPS } from '../config/option.ts'
import type { Flags } from '../config/settings.ts'
import { EVENT_KINDS } from '../core/event-kinds.ts'
import { version } from '../app/version.ts'
import { COMMANDS } from './commands.ts'
import type { CommandSpec } from './commands.ts'
import { loadCommand } from './load.ts'

const GENERAL = `${GROUPS.general}:`
/** Readable on any screen; commander would fill a wide one. */
const HELP_WIDTH = 80

const AFTER = `
A target is a URL, a URL with ranges such as {1..250} or [001-250], or a short
form such as imgur:r/funny.

Examples:
  bowerbird demo                           show what it does, without a network
  bowerbird imgur:r/earthporn --limit 100  collect into ./bowerbird
  bowerbird resume                         go on after Ctrl-C or a crash
  bowerbird sources                        what is supported

\`bowerbird get --help\` tells the options of collecting, and so on.`

/** Two lines of names. */
const EVENTS = `\nEvents of --json:\n  ${Object.keys(EVENT_KINDS)
  .join(' ')
  .replace(/ (?=rejected)/, '\n  ')}`

/** The command line, made from the table of commands and the table of options; nothing else is loaded for help. */
export function buildProgram(onStatus: (status: number) => void, onHelp: (text: string) => void): Program {
  const program = new Program('bowerbird')
    .usage('[command] [options] TARGET...')
    .description('Collects images from web galleries: parallel, polite, resumable, verified, recorded in a catalog.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ helpWidth: HELP_WIDTH })
    // What is wrong with a command line is told in one place, and help is written: where `run` catches them.
    .configureOutput({ outputError: () => undefined, writeOut: onHelp })
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', AFTER)
  for (const spec of COMMANDS) addCommand(program, spec, onStatus)
  return program
}

function addCommand(program: Program, spec: CommandSpec, onStatus: (status: number) => void): void {
  const command = program
    .command(`${spec.name} ${spec.args}`.trim(), spec.name === 'get' ? { isDefault: true } : {})
    .description(spec.about)
    .allowExcessArguments(false)
    .addHelpOption(new ProgramOption('-h, --help', 'print help').helpGroup(GENERAL))
  const names = optionsOf(spec.name)
  for (const [flag, about] of spec.own ?? [])
    command.addOption(new ProgramOption(flag, about).helpGroup(`${GROUPS.selection}:`))
  for (const name of names) for (const option of programOptions(name)) command.addOption(option)
  if (spec.examples !== undefined)
    command.addHelpText('after', `\nExamples:\n${spec.examples.map((each) => `  ${each}`).join('\n')}`)
  if ((COLLECT as readonly string[]).includes(spec.name)) command.addHelpText('after', EVENTS)
  command.action(async () => {
    const run = await loadCommand(spec.name)
    const written = command.opts<Record<string, unknown>>()
    onStatus(
      await run({ command: spec.name, args: command.args, flags: flagsOf(written, names, command), own: written }),
    )
  })
}

/** One row of the table as commander has it; a row with further switches is several. */
function programOptions(name: OptionName): ProgramOption[] {
  const row = optionOf(name)
  const head = row.short === undefined ? row.flag : `${row.short}, ${row.flag}`
  const main = new ProgramOption(row.argument === undefined ? head : `${head} <${row.argument}>`, describe(row))
  main.helpGroup(`${GROUPS[row.group]}:`)
  if (row.repeatable === true)
    main.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? (before as string[]) : []), value])
  const switches = (row.switches ?? []).map((each) =>
    new ProgramOption(each.short === undefined ? each.flag : `${each.short}, ${each.flag}`, each.about).helpGroup(
      `${GROUPS[row.group]}:`,
    ),
  )
  return [main, ...switches]
}

/** What it does; in brackets what it takes, what holds without it, and whether it may be said several times. */
function describe(row: Option): string {
  const value = row.otherwise ?? (row.argument === undefined ? undefined : row.default)
  const facts = [
    ...(row.choices === undefined ? [] : [row.choices.join(', ')]),
    ...(value === undefined ? [] : [`default: ${value}`]),
    ...(row.repeatable === true ? ['repeatable'] : []),
  ]
  return facts.length === 0 ? row.about : `${row.about} (${facts.join('; ')})`
}

/** What was written, by the names of the table; what was not written is absent. */
function flagsOf(written: Readonly<Record<string, unknown>>, names: readonly OptionName[], command: Program): Flags {
  const flags: { [name in OptionName]?: string | boolean | readonly string[] } = {}
  for (const name of names) {
    const row = optionOf(name)
    const attribute = new ProgramOption(
      row.argument === undefined ? row.flag : `${row.flag} <${row.argument}>`,
    ).attributeName()
    if (command.getOptionValueSource(attribute) === 'cli') flags[name] = written[attribute] as string
    for (const each of row.switches ?? []) {
      if (written[new ProgramOption(each.flag).attributeName()] === true) flags[name] = each.value
    }
  }
  return flags
}
