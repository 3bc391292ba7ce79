import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { z } from 'zod'
import { Fault, toFault } from '../core/errors.ts'
import { readTarget } from '../core/target.ts'
import { whyUnreadable } from '../core/unreadable.ts'
import type { NewFollow } from '../ports/follows.ts'
import { readFollow } from './follows.ts'

/** A list of artists is small; anything larger is something else. */
const MOST_BYTES = 16 * 1024 * 1024

const TAKES =
  'import takes info.json of the DeviantArt scraper: "author_ids", "download_location", and "update_info" with the URL ' +
  'of the last work it visited of each artist'

/** The configuration of the DeviantArt scraper of 2019; versions before May of that year have no `update_info`. */
const INFO = z.looseObject({
  author_ids: z.array(z.string().min(1), 'a list of names is needed'),
  download_location: z.string('a folder is needed').optional(),
  update_info: z.record(z.string(), z.string('a URL is needed').nullable(), 'a URL for each name is needed').optional(),
})

/** What another program's configuration comes to. */
export interface Imported {
  readonly follows: readonly NewFollow[]
  /** The library; absolute. */
  readonly to?: string
  /** What cannot be followed, and why. */
  readonly refused: readonly string[]
}

/** Reads the configuration of another program. Throws `Usage` for a file that is none of them. `placed`: a library is named. */
export async function readImport(file: string, placed: boolean): Promise<Imported> {
  const info = INFO.safeParse(parseJson(await readText(file), file))
  if (!info.success) {
    const [issue] = info.error.issues
    const place = issue?.path.join('.') ?? ''
    const what =
      place === '' ? 'it holds something else' : `${place}: ${issue?.message ?? 'something else stands there'}`
    throw new Fault('Usage', `${file} cannot be imported: ${what}`, { advice: TAKES })
  }
  const { author_ids: authors, update_info: visited = {}, download_location: location } = info.data
  const refused: string[] = []
  const follows = [...new Set(authors)].flatMap((author) => followOf(author, visited[author] ?? '', refused))
  const own = placed || location === undefined || location === '' ? undefined : libraryOf(location, file)
  return { follows, refused, ...(own !== undefined && { to: own }) }
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new Fault('Usage', `${file} is too large to be imported`, { advice: TAKES })
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    throw new Fault('Usage', `${file} cannot be read: ${whyUnreadable(thrown)}`, { cause: thrown, advice: TAKES })
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('Usage', `${file} cannot be imported: it is not JSON`, { advice: TAKES, cause })
  }
}

/** An artist with the last work that was visited. One without a sound stop point is refused: all would be fetched again. */
function followOf(author: string, stop: string, refused: string[]): readonly NewFollow[] {
  // A short form of digits alone is a work.
  const text = /^\d+$/.test(author) ? `https://www.deviantart.com/${author}` : `deviantart:${author}`
  try {
    return [readFollow(readTarget(text, { globoff: true }), { literal: true, ...(stop !== '' && { stop }) })]
  } catch (thrown) {
    refused.push(`${author} is not followed: ${toFault(thrown).message}`)
    return []
  }
}

function libraryOf(location: string, file: string): string {
  if (process.platform !== 'win32' && /^[a-z]:[\\/]/i.test(location)) {
    throw new Fault('Usage', `download_location of ${basename(file)} is a folder of Windows: ${location}`, {
      advice: 'name the library on this machine with --to DIR',
    })
  }
  return resolve(dirname(file), location)
}
