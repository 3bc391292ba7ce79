import { openDemo } from '../../app/demo.ts'
import type { Call } from '../call.ts'
import { collecting } from '../collecting.ts'
import { shellWord } from '../output/format.ts'
import { programName } from '../output/program-name.ts'
import { settingsOf } from '../settings.ts'

const LIBRARY = './bowerbird-demo'

/** `demo`: collects from replicas of all sources, over TLS, on this machine alone. */
export async function demo(call: Call): Promise<number> {
  const to = typeof call.own['to'] === 'string' ? call.own['to'] : LIBRARY
  const running = await openDemo()
  try {
    const settings = await settingsOf({ flags: { ...call.flags, ...running.flags, to } }, undefined, running.env)
    const quiet = settings.verbosity === 'quiet'
    if (!quiet)
      say([
        `Replicas of ${running.names.length} sources run on this machine, and nothing leaves it:`,
        running.names.join(', '),
        `Collecting ${running.targets.length} targets into ${to}.`,
        ...running.notes,
        '',
      ])
    const status = await collecting({ settings, run: (app) => app.get(running.targets) })
    if (!quiet && status === 0) say(nextLines(to))
    return status
  } finally {
    await running.close()
  }
}

function say(lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`)
}

function nextLines(to: string): readonly string[] {
  const where = to === LIBRARY ? '' : ` --to ${shellWord(to)}`
  const library = ` --to ${shellWord(to)}`
  const rows = [
    [`demo${where}`, 'all is known'],
    [`find${library}`, 'all that is there'],
    [`find${library} --where 'width > 300'`, 'wide ones'],
    ['sources', 'the real sites'],
  ] as const
  const width = Math.max(...rows.map(([command]) => command.length))
  return [
    '',
    'Missing are numbers that a site does not have: that is no failure. Next, try:',
    ...rows.map(([command, about]) => `  ${programName()} ${command.padEnd(width)}  ${about}`),
  ]
}
