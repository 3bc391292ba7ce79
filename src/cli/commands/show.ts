import { openSearch } from '../../app/search.ts'
import { Fault } from '../../core/errors.ts'
import type { Call } from '../call.ts'
import { settingsOf } from '../settings.ts'

/** `show KEY`: one item as JSON. */
export async function show(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  const { search, close } = await openSearch(settings)
  try {
    const key = call.args[0] ?? ''
    const found = await search.show(key)
    if (found === undefined) {
      throw new Fault('Usage', `the catalog of ${settings.to} has no item ${key}`, {
        advice: 'keys look like imgur:AbCdEf1; `bowerbird find WORD` prints them',
      })
    }
    process.stdout.write(`${JSON.stringify(found, undefined, settings.json ? undefined : 2)}\n`)
    return 0
  } finally {
    await close()
  }
}
