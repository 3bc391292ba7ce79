import { isKeyword, tidyKeyword } from '../../app/keywords/keyword.ts'
import { readKeywordTable } from '../../app/keywords/table.ts'
import type { KeywordTable } from '../../app/keywords/table.ts'
import { readTextFile, shownName } from '../../app/keywords/text-file.ts'
import type { Settings } from '../../config/settings.ts'
import { Fault } from '../../core/errors.ts'
import type { Call } from '../call.ts'
import { collecting } from '../collecting.ts'
import { settingsOf } from '../settings.ts'

/** Images of each keyword where nobody says how many: a search has no end that anybody wants. */
const LIMIT = 20

/** `search WORD...`: every argument is one keyword, every keyword a target of its own. */
export async function search(call: Call): Promise<number> {
  const { csv, column } = call.own
  if (call.args.length === 0 && typeof csv !== 'string') {
    throw new Fault('Usage', 'there is no keyword', {
      advice: 'name some, such as "red panda" cat, or a table of them with --csv FILE',
    })
  }
  if (column !== undefined && csv === undefined)
    throw new Fault('Usage', '--column names a column of a table, and there is none', { advice: 'add --csv FILE' })
  const settings = limited(await settingsOf(call))
  const words = call.args.map(keywordOf)
  const table = typeof csv === 'string' ? await tableOf(csv, column) : { keywords: [], faults: [], notes: [] }
  const keywords = new Set([...words, ...table.keywords])
  const targets = [...keywords].map((keyword) => `search:${settings.provider}/${keyword}`)
  return collecting({
    settings: { ...settings, notes: [...settings.notes, ...table.notes] },
    run: (app) => app.get(targets, table.faults),
  })
}

async function tableOf(file: string, column: unknown): Promise<KeywordTable> {
  const text = await readTextFile(file, 'the table')
  return readKeywordTable(text, { name: shownName(file), ...(typeof column === 'string' && { column }) })
}

function keywordOf(word: string): string {
  const keyword = tidyKeyword(word)
  if (isKeyword(keyword)) return keyword
  throw new Fault('Usage', `${JSON.stringify(word.slice(0, 60))} cannot be searched for`, {
    advice: 'a keyword is a few words; quote those that belong together',
  })
}

/** With the limit that a search has of itself; it is kept with the run, so that `resume` has it, too. */
function limited(settings: Settings): Settings {
  if (settings.limit !== undefined || settings.sources['search']?.limit !== undefined) return settings
  return { ...settings, limit: LIMIT, plan: { ...settings.plan, limit: LIMIT } }
}
