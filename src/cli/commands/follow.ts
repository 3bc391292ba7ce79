import { openFollows, readFollow } from '../../app/follows.ts'
import { checkInputs, readTargets } from '../../app/targets.ts'
import type { Settings } from '../../config/settings.ts'
import { Fault, toFault } from '../../core/errors.ts'
import { redactUrl } from '../../core/redact.ts'
import { readTarget } from '../../core/target.ts'
import { answering } from '../answer.ts'
import type { Call } from '../call.ts'
import { reportFault } from '../output/faults.ts'
import { harmless } from '../output/format.ts'
import { programName } from '../output/program-name.ts'
import { whereOf } from '../output/summary.ts'
import { settingsOf } from '../settings.ts'

const SAYS = { new: 'follows', changed: 'follows from another stop point:', known: 'is followed already:' } as const

/** `follow TARGET...`: what cannot be followed is told, and the rest goes on. */
export async function follow(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  const { stop } = call.own
  if (call.args.length + settings.input.length === 0) {
    throw new Fault('Usage', 'there is no target to follow', {
      advice: 'name one, such as imgur:r/earthporn, or a file of targets with --input FILE',
    })
  }
  if (stop !== undefined && (call.args.length !== 1 || settings.input.length > 0)) {
    throw new Fault('Usage', '--stop is for one target', { advice: 'follow the others in a call of their own' })
  }
  await checkInputs(settings.input)
  const { globoff } = settings
  const options = { literal: globoff, ...(typeof stop === 'string' && { stop }) }
  // Before a library is made: what is wrong with the command line must leave nothing behind.
  for (const text of call.args) readFollow(readTarget(text, { globoff }), options)
  const { signal } = new AbortController()
  const targets = readTargets({ texts: call.args, files: settings.input, globoff, signal })
  const { follows, close } = await openFollows(settings)
  try {
    let added = false
    const ended = await answering(async (answer) => {
      let status = 0
      for await (const input of targets) {
        try {
          if (input instanceof Fault) throw input
          const became = await follows.add(readFollow(input.target, options))
          const text = redactUrl(input.target.text)
          const line = settings.json ? JSON.stringify({ target: text, became }) : `${SAYS[became]} ${harmless(text)}`
          await answer.line(line)
          added ||= became !== 'known'
        } catch (thrown) {
          status = Math.max(status, reportFault(toFault(thrown), settings.verbosity === 'verbose'))
        }
      }
      return status
    })
    if (added && settings.verbosity !== 'quiet') process.stderr.write(hint(settings))
    return ended
  } finally {
    await close()
  }
}

function hint({ to, catalog }: Settings): string {
  return `next: ${programName()} update ${whereOf({ to, ...(catalog !== undefined && { catalog }) })}\n`
}
