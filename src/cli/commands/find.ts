import { join } from 'node:path'
import { findAssets, openSearch } from '../../app/search.ts'
import type { FoundAsset } from '../../app/search.ts'
import type { Settings } from '../../config/settings.ts'
import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { answering } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { Call } from '../call.ts'
import { byteSize, cells, fit, fitEnd, harmless } from '../output/format.ts'
import { styleOf } from '../output/style.ts'
import type { Style } from '../output/style.ts'
import { nameOf, reasonOf } from '../output/told.ts'
import { settingsOf } from '../settings.ts'

const STATES = ['listed', 'fetching', 'stored', 'rejected', 'missing', 'failed'] as const
type State = (typeof STATES)[number]

/** `find [WORD...]`: items of the catalog, newest first, as they are found. */
export async function find(call: Call): Promise<number> {
  const state = stateOf(call.own['state'])
  const settings = await settingsOf(call)
  const { search, close } = await openSearch(settings)
  try {
    const query = { words: call.args, ...(state !== undefined && { states: [state] }) }
    return await answering((answer) => tell(answer, findAssets(search, settings, query), settings))
  } finally {
    await close()
  }
}

async function tell(answer: Answer, found: AsyncIterable<FoundAsset>, settings: Settings): Promise<number> {
  const show = printer(settings)
  let count = 0
  for await (const asset of found) {
    count += 1
    const line = show(asset)
    if (line !== undefined) await answer.line(line)
    if (answer.unread) break
  }
  if (count === 0 && settings.verbosity !== 'quiet') process.stderr.write('nothing in the catalog fits\n')
  return 0
}

function stateOf(written: unknown): State | undefined {
  if (typeof written !== 'string') return undefined
  const state = STATES.find((each) => each === written)
  if (state === undefined)
    throw new Fault('Usage', `"${written}" is no state of an item`, { advice: didYouMean(written, STATES) })
  return state
}

function printer(settings: Settings): (asset: FoundAsset) => string | undefined {
  if (settings.json || settings.print === 'json') return (asset) => JSON.stringify(asset)
  if (settings.print === 'url') return (asset) => harmless(asset.url)
  if (settings.print === 'path') return ({ file }) => file && join(settings.to, file.path)
  const { stdout } = process
  const style = styleOf(stdout, process.env)
  return stdout.isTTY ? (asset) => lineOf(asset, stdout.columns, style) : (asset) => fieldsOf(asset).join('\t')
}

interface Row {
  readonly state: string
  readonly size: string
  readonly pixels: string
  /** The path, or the URL where there is no file. */
  readonly place: string
  /** Why there is none. */
  readonly why: string
  readonly title: string
}

function rowOf({ state, file, key, url, reason, meta }: FoundAsset): Row {
  return {
    state,
    size: file === undefined ? '' : byteSize(file.bytes),
    pixels: file?.width === undefined ? '' : `${file.width}x${file.height}`,
    place: harmless(file?.path ?? nameOf({ key, url })),
    why: reason === undefined ? '' : harmless(reasonOf({ url, reason: reason.message })),
    title: harmless(meta.title ?? ''),
  }
}

/** For other programs. */
function fieldsOf(asset: FoundAsset): readonly string[] {
  const { state, size, pixels, place, why, title } = rowOf(asset)
  return [state, size, pixels, why === '' ? place : `${place}: ${why}`, title]
}

/** For a terminal: of a path or URL the end is kept, and of the other text the beginning. */
function lineOf(asset: FoundAsset, columns: number, style: Style): string {
  const { state, size, pixels, place, why, title } = rowOf(asset)
  const facts = asset.file === undefined ? '' : ` ${size.padStart(8)} ${pixels.padStart(11)}`
  const head = `${state.padEnd(8)}${facts}  `
  const room = Math.max(20, columns - head.length - 1)
  const shownWhy = why === '' ? '' : `: ${fit(why, Math.floor(room / 2), style.signs.cut)}`
  const shown = fitEnd(place, room - cells(shownWhy), style.signs.cut) + shownWhy
  const rest = room - cells(shown) - 2
  const tail = title === '' || rest < 10 ? '' : `  ${style.faint(fit(title, rest, style.signs.cut))}`
  return `${state === 'failed' ? style.bad(head) : head}${shown}${tail}`
}
