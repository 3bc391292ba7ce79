import { CommanderError } from 'commander'
import { LATER_OPTIONS, optionOf, optionsOf } from '../config/options.ts'
import { Fault, toFault } from '../core/errors.ts'
import { didYouMean, nearest } from '../core/suggest.ts'
import { answerWith } from './answer.ts'
import { COMMANDS, LATER_COMMANDS } from './commands.ts'
import { reportFault } from './output/faults.ts'
import { buildProgram } from './program.ts'

/** Runs one call of the program; resolves to its exit status. Whatever goes wrong becomes a line a person can read. */
export async function run(args: readonly string[]): Promise<number> {
  let status = 0
  let help = ''
  // A reader that has gone (`| head`) is no fault; whoever writes much listens, too, and stops.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const verbose = args.some((arg) => arg === '-v' || arg === '--verbose')
  // What nobody caught is a mistake in the program. Everything settled is committed, so ending here loses nothing.
  process.on('uncaughtException', (thrown) => process.exit(reportFault(toFault(thrown), verbose)))
  try {
    checkCommand(args)
    const program = buildProgram(
      (code) => {
        status = code
      },
      (text) => {
        help += text
      },
    )
    await program.parseAsync(args, { from: 'user' }).catch(async (thrown: unknown) => {
      // Help and version end with an error without a mistake.
      if (!(thrown instanceof CommanderError)) throw thrown
      if (thrown.exitCode !== 0) throw usageFault(thrown, args)
      status = await answerWith(help.trimEnd())
    })
    return status
  } catch (thrown) {
    return reportFault(toFault(thrown), verbose)
  }
}

/** A first word that is no target can only be a command: one of a later version, or a slip of the finger. */
function checkCommand([first = '', second]: readonly string[]): void {
  const known = [...COMMANDS.map(({ name }) => name), 'help']
  const asked = first === 'help' && second !== undefined
  const word = asked ? second : first
  if (known.includes(word)) return
  const later = LATER_COMMANDS[word]
  if (later !== undefined && Object.hasOwn(LATER_COMMANDS, word))
    throw new Fault('Usage', `\`bowerbird ${word}\` comes in a later version`, { advice: later })
  if (asked) throw new Fault('Usage', `there is no command "${word}"`, { advice: didYouMean(word, known) })
  if (!/^[a-z]+$/.test(word)) return
  const near = nearest(word, [...known, ...Object.keys(LATER_COMMANDS)])
  if (near !== undefined)
    throw new Fault('Usage', `"${word}" is neither a command nor a target`, {
      advice: `did you mean \`bowerbird ${near}\`?`,
    })
}

/** What commander found wrong, with what to do. */
function usageFault({ code, message }: CommanderError, args: readonly string[]): Fault {
  const [first = '', ...hints] = message.replace(/^error: /, '').split('\n')
  const spec = COMMANDS.find(({ name }) => name === args[0])
  const option = code === 'commander.unknownOption' ? /'--([^'=]+)/.exec(first)?.[1] : undefined
  const later = option === undefined ? undefined : LATER_OPTIONS[option]
  if (later !== undefined) return new Fault('Usage', `--${option} comes in a later version`, { advice: later })
  const hint = hints.join(' ').replace(/^\(Did (.*)\)$/, 'did $1')
  const known =
    code === 'commander.missingArgument' && spec?.choices !== undefined
      ? didYouMean('', spec.choices)
      : option !== undefined && hint === ''
        ? takersOf(option)
        : hint
  const help = `see \`bowerbird ${spec?.name ?? 'get'} --help\``
  const advice = known === '' ? help : `${known}${known.endsWith('?') ? '' : ';'} ${help}`
  return new Fault('Usage', first.replace(/\.$/, ''), { advice })
}

/** Which commands take an option that another does not. */
function takersOf(option: string): string {
  const isIt = (flag: string): boolean => flag.split(/[ ,]+/).includes(`--${option}`)
  const takers = COMMANDS.filter(
    ({ name, own = [] }) =>
      optionsOf(name).some((each) => isIt(optionOf(each).flag)) || own.some(([each]) => isIt(each)),
  )
  if (takers.length === 0) return ''
  return `it is an option of ${takers.map(({ name }) => name).join(', ')}`
}
