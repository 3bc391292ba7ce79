import { chooseFollows, openFollows } from '../../app/follows.ts'
import { requireLibrary } from '../../app/search.ts'
import { redactUrl } from '../../core/redact.ts'
import { answering } from '../answer.ts'
import type { Call } from '../call.ts'
import { harmless } from '../output/format.ts'
import { settingsOf } from '../settings.ts'

/** `unfollow NAME...`: what was collected stays. */
export async function unfollow(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  requireLibrary(settings)
  const { follows, close } = await openFollows(settings)
  try {
    const chosen = chooseFollows(await follows.list(), call.args)
    return await answering(async (answer) => {
      for (const { id, text } of chosen) {
        await follows.remove(id)
        await answer.line(`no longer follows ${harmless(redactUrl(text))}`)
      }
      return 0
    })
  } finally {
    await close()
  }
}
