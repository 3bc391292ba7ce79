import { join } from 'node:path'
import { findItem, openSearch } from '../../app/search.ts'
import type { FoundAsset } from '../../app/search.ts'
import type { Settings } from '../../config/settings.ts'
import { Fault } from '../../core/errors.ts'
import { aligned, answerWith } from '../answer.ts'
import type { Call } from '../call.ts'
import { byteSize } from '../output/format.ts'
import { programName } from '../output/program-name.ts'
import { settingsOf } from '../settings.ts'

/** `show ITEM`, by its key or the path of its file: everything the catalog knows of one item. */
export async function show(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  const { search, close } = await openSearch(settings)
  try {
    const name = call.args[0] ?? ''
    const found = await findItem(search, settings, name)
    if (found === undefined) {
      throw new Fault('Usage', `the catalog of ${settings.to} has no item ${name}`, {
        advice: `name a key, such as imgur:AbCdEf1, or the path of a file; \`${programName()} find WORD\` lists those there are`,
      })
    }
    return await answerWith(settings.json ? JSON.stringify(found) : described(found, settings).join('\n'))
  } finally {
    await close()
  }
}

function described(found: FoundAsset, settings: Settings): readonly string[] {
  const { key, source, state, url, candidates, meta, file, reason, attempts, targets, listed } = found
  const pixels = file?.width === undefined ? '' : `, ${file.width} x ${file.height}`
  const others = candidates.filter((each) => each !== url)
  return [
    key,
    ...aligned([
      ['state', state + (reason === undefined ? '' : `: ${reason.message}${reason.code ? ` (${reason.code})` : ''}`)],
      ['file', file === undefined ? '' : join(settings.to, file.path)],
      ['is', file === undefined ? '' : `${file.mime}, ${byteSize(file.bytes)}${pixels}`],
      ['sha256', file?.sha256 ?? ''],
      ['stored', file === undefined ? '' : new Date(file.stored).toISOString()],
      ['listed', new Date(listed).toISOString()],
      ['source', source],
      ['url', url],
      ...others.map((each) => ['or', each] as const),
      ['tries', attempts > 1 ? String(attempts) : ''],
      ...targets.map((each) => ['target', each] as const),
      ...Object.entries(meta).map(([name, value]) => [name, valueText(value)] as const),
    ]),
  ]
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}
