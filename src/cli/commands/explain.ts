import { explainTarget } from '../../app/explain.ts'
import type { Explanation } from '../../app/explain.ts'
import { toFault } from '../../core/errors.ts'
import { aligned, answering } from '../answer.ts'
import type { Call } from '../call.ts'
import { reportFault } from '../output/faults.ts'
import { harmless } from '../output/format.ts'
import { settingsOf } from '../settings.ts'

/** `explain TARGET...`: what cannot be explained is told, and the rest goes on. */
export async function explain(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  return answering(async (answer) => {
    let status = 0
    for (const text of call.args) {
      try {
        const explanation = explainTarget(text, settings.globoff)
        await answer.line(settings.json ? JSON.stringify(explanation) : described(explanation))
      } catch (thrown) {
        status = Math.max(status, reportFault(toFault(thrown), settings.verbosity === 'verbose'))
      }
    }
    return status
  })
}

function described({ target, source, route, about, params, strategies, total }: Explanation): string {
  const rows = aligned([
    ['source', source],
    ['route', `${route}: ${about}`],
    ...Object.entries(params).map(
      ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
    ['read by', strategies.join(', then ')],
    ['items', total === undefined ? '' : Number.isFinite(total) ? String(total) : 'as many as there are'],
  ])
  return [harmless(target), ...rows].join('\n')
}
