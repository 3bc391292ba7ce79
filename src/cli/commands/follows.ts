import { askFollows } from '../../app/follows.ts'
import type { Follow } from '../../app/follows.ts'
import { redactUrl } from '../../core/redact.ts'
import { answering } from '../answer.ts'
import type { Call } from '../call.ts'
import { harmless } from '../output/format.ts'
import { programName } from '../output/program-name.ts'
import { settingsOf } from '../settings.ts'

/** `follows`: what `update` visits again, and when it last did. */
export async function follows(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  const opened = await askFollows(settings)
  try {
    const all = await opened.follows.list()
    if (all.length === 0 && settings.verbosity !== 'quiet')
      process.stderr.write(`nothing is followed: \`${programName()} follow TARGET\` begins it\n`)
    const width = Math.max(0, ...all.map(({ text }) => harmless(redactUrl(text)).length))
    return await answering(async (answer) => {
      for (const each of all) await answer.line(settings.json ? JSON.stringify(plain(each)) : row(each, width))
      return 0
    })
  } finally {
    await opened.close()
  }
}

function plain({ text, source, stop, added, updated }: Follow): object {
  return {
    target: redactUrl(text),
    source,
    followed: new Date(added).toISOString(),
    ...(updated !== undefined && { updated: new Date(updated).toISOString() }),
    ...(stop !== undefined && { stop }),
  }
}

function row({ text, stop, updated }: Follow, width: number): string {
  const last = updated === undefined ? 'not updated yet' : `updated ${new Date(updated).toISOString().slice(0, 10)}`
  const until = stop === undefined ? '' : `, down to ${harmless(stop)}`
  return `${harmless(redactUrl(text)).padEnd(width)}  ${last}${until}`
}
