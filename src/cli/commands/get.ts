import { explainTarget } from '../../app/explain.ts'
import { Fault } from '../../core/errors.ts'
import type { Call } from '../call.ts'
import { collecting } from '../collecting.ts'
import { COMMANDS } from '../commands.ts'
import { settingsOf } from '../settings.ts'

/** `get TARGET...`: collect what is named. */
export async function get(call: Call): Promise<number> {
  const { input, fromIndex } = call.flags
  if (call.args.length === 0 && input === undefined && fromIndex === undefined) {
    throw new Fault('Usage', 'there is no target', {
      advice: 'name one, such as imgur:r/funny, or a file of targets with --input FILE; `bowerbird --help` shows more',
    })
  }
  const command = COMMANDS.find(({ name }) => call.args.includes(name))?.name
  if (command !== undefined) {
    throw new Fault('Usage', `the command "${command}" stands behind options or targets`, {
      advice: `write it first: bowerbird ${command} ...`,
    })
  }
  const settings = await settingsOf(call)
  // Before a library is made: a word that is no target must leave nothing behind.
  for (const text of call.args) explainTarget(text, settings.globoff)
  return collecting({ settings, run: (app) => app.get(call.args) })
}
