import { explainTarget } from '../../app/explain.ts'
import type { Explanation } from '../../app/explain.ts'
import type { Call } from '../call.ts'
import { settingsOf } from '../settings.ts'

/** `explain TARGET...` */
export async function explain(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  for (const text of call.args) {
    const explanation = explainTarget(text, settings.globoff)
    process.stdout.write(settings.json ? `${JSON.stringify(explanation)}\n` : describe(explanation))
  }
  return 0
}

function describe({ target, source, route, about, params, strategies, total }: Explanation): string {
  const lines = [
    target,
    `  source      ${source}`,
    `  route       ${route}: ${about}`,
    ...Object.entries(params).map(
      ([name, value]) => `  ${name.padEnd(11)} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
    `  strategies  ${strategies.join(', then ')}`,
  ]
  if (total !== undefined) lines.push(`  items       ${Number.isFinite(total) ? total : 'as many as there are'}`)
  return `${lines.join('\n')}\n`
}
