import { examine } from '../../app/doctor/doctor.ts'
import type { Check } from '../../app/doctor/doctor.ts'
import { rebuildLibrary } from '../../app/rebuild.ts'
import type { Settings } from '../../config/settings.ts'
import type { Fault } from '../../core/errors.ts'
import { toFault } from '../../core/errors.ts'
import { answering } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { Call } from '../call.ts'
import { LOCAL_TROUBLE, looking, tellRepair, UNSOUND } from '../looking.ts'
import { harmless } from '../output/format.ts'
import { styleOf } from '../output/style.ts'
import type { Style } from '../output/style.ts'
import { settingsOf } from '../settings.ts'

/** What counts of a call whose configuration cannot be read. */
const PLACE = ['to', 'catalog', 'cookies', 'browser', 'json', 'verbosity'] as const

const FOREIGN = 'If foreign files were collected: get their targets again, and they are taken up where they stand\n'

/** `doctor`: what is wrong with library and set-up; `--rebuild`: a new catalog in place of a damaged one. */
export async function doctor(call: Call): Promise<number> {
  if (call.own['rebuild'] === true) return rebuild(await settingsOf(call))
  const environment = process.env
  const { settings, config } = await settingsAnyway(call)
  return answering(async (answer) => {
    const style = styleOf(process.stdout, environment)
    let problems = 0
    for await (const check of examine({ settings, environment, ...(config !== undefined && { config }) })) {
      if (check.level === 'problem') problems += 1
      if (settings.verbosity === 'quiet' && check.level === 'ok' && !settings.json) continue
      await tell(answer, check, settings.json, style)
      if (answer.unread) break
    }
    return problems === 0 ? 0 : LOCAL_TROUBLE
  })
}

/** With a configuration that is wrong the rest is looked at all the same. */
async function settingsAnyway(call: Call): Promise<{ readonly settings: Settings; readonly config?: Fault }> {
  try {
    return { settings: await settingsOf(call) }
  } catch (thrown) {
    const config = toFault(thrown)
    if (config.code !== 'Config') throw config
    const flags = Object.fromEntries(
      PLACE.flatMap((name) => (call.flags[name] === undefined ? [] : [[name, call.flags[name]]])),
    )
    // A home without a configuration: whatever is wrong with the file or the environment is left out.
    return { settings: await settingsOf({ flags }, undefined, { XDG_CONFIG_HOME: '/nonexistent' }), config }
  }
}

async function tell(answer: Answer, check: Check, json: boolean, style: Style): Promise<void> {
  if (json) return answer.line(JSON.stringify(check))
  const { level, message, advice } = check
  await answer.line(`${paint(level, style)}  ${check.check.padEnd(14)}  ${harmless(message)}`)
  for (const line of advice?.split('\n') ?? []) await answer.line(`${' '.repeat(25)}${harmless(line)}`)
}

function paint(level: Check['level'], style: Style): string {
  const text = level.padEnd('warning'.length)
  if (level === 'ok') return style.good(text)
  return level === 'warning' ? style.patient(text) : style.bad(text)
}

async function rebuild(settings: Settings): Promise<number> {
  const found = await looking(settings, (options) => rebuildLibrary(settings, options))
  if (typeof found === 'number') return found
  if (found === undefined) {
    if (settings.verbosity !== 'quiet') process.stderr.write('The catalog is sound: there is nothing to rebuild\n')
    return 0
  }
  if (found.counts.foreign > 0 && settings.verbosity !== 'quiet') process.stderr.write(FOREIGN)
  if (found.counts.unreadable > 0) return LOCAL_TROUBLE
  if (found.broken.length === 0) return 0
  tellRepair(settings)
  return UNSOUND
}
