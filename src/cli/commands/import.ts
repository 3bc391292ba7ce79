import { openFollows } from '../../app/follows.ts'
import { readImport } from '../../app/import.ts'
import { redactUrl } from '../../core/redact.ts'
import { answering } from '../answer.ts'
import type { Call } from '../call.ts'
import { harmless } from '../output/format.ts'
import { programName } from '../output/program-name.ts'
import { settingsOf } from '../settings.ts'

const SAYS = { new: 'follows', changed: 'has another stop point:', known: 'is followed already:' } as const

/** `import FILE`: what another program was to collect is followed, from where that program had come to. */
export async function importFile(call: Call): Promise<number> {
  const given = await settingsOf(call)
  const { follows: wanted, to, refused } = await readImport(call.args[0] ?? '', call.flags.to !== undefined)
  const settings = to === undefined ? given : { ...given, to }
  const { follows, close } = await openFollows(settings)
  try {
    return await answering(async (answer) => {
      for (const follow of wanted) {
        const became = await follows.add(follow)
        const { stop } = follow
        const target = redactUrl(follow.text)
        const until = stop === undefined ? '' : `, down to ${harmless(stop)}`
        const line = settings.json
          ? JSON.stringify({ target, became, ...(stop !== undefined && { stop }) })
          : `${SAYS[became]} ${harmless(target)}${until}`
        await answer.line(line)
      }
      for (const each of refused) process.stderr.write(`bowerbird: ${harmless(each)}\n`)
      const library = to === undefined && call.flags.to === undefined ? '' : ` --to ${quoted(settings.to)}`
      if (settings.verbosity !== 'quiet') process.stderr.write(`next: ${programName()} update${library}\n`)
      return refused.length === 0 ? 0 : 3
    })
  } finally {
    await close()
  }
}

function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
