import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly only: readonly string[]
  readonly rounds: number
  readonly quick: boolean
  /** Nothing: all that are installed. */
  readonly peers?: readonly string[]
  readonly build: boolean
  readonly name?: string
}

const ROUNDS = 5
const QUICK_ROUNDS = 2

export const USAGE = `npm run bench -- [options]

  --only LIST    scenarios, of a,b,c,d,memory,help (default: all)
  --runs N       rounds (default: ${ROUNDS})
  --quick        a try: a twentieth of the files, ${QUICK_ROUNDS} rounds; proves nothing
  --peers LIST   other programs to run beside bowerbird (default: all that are installed)
  --no-build     measure what lies in dist as it is
  --name NAME    of the result, bench/results/NAME.json (default: the date)
  --help         this text`

/** Throws an error that tells what is wrong with the call. */
export function readOptions(
  args: readonly string[],
  scenarios: readonly string[],
  peers: readonly string[],
): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      peers: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
      name: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const rounds = Number(values.runs ?? (values.quick ? QUICK_ROUNDS : ROUNDS))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--runs ${values.runs}: a whole number from 1 is needed`)
  if (values.name !== undefined && !/^[\w.-]+$/.test(values.name)) {
    throw new Error(`--name ${values.name}: letters, digits, points and hyphens only`)
  }
  const only = listOf('--only', values.only, scenarios) ?? scenarios
  if (only.length === 0) throw new Error(`--only: some of ${scenarios.join(', ')} are needed`)
  return {
    only,
    rounds,
    quick: values.quick,
    ...(values.peers !== undefined && { peers: listOf('--peers', values.peers, peers) ?? [] }),
    build: !values['no-build'],
    ...(values.name !== undefined && { name: values.name }),
  }
}

function listOf(flag: string, text: string | undefined, known: readonly string[]): string[] | undefined {
  if (text === undefined) return undefined
  const names = text.split(',').filter((name) => name !== '')
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`${flag}: ${unknown.join(', ')} is none of ${known.join(', ')}`)
  return names
}
