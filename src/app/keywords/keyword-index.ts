import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault, toFault } from '../../core/errors.ts'
import type { Finding, Params, Route, Source } from '../../core/source.ts'
import type { KeywordUrls } from './index-file.ts'
import { readIndex } from './index-file.ts'

/** In the library, beside the folders of the keywords. */
const INDEX_NAME = 'keyword_urls.json'

/** URLs by their position in the listing of one provider; positions that are not known yet are empty. */
type Listed = (string | undefined)[]

/**
 * `keyword_urls.json`: every keyword that was searched for, and the whole URLs that were found, in their order. It is
 * replaced as a whole, so that it is never half there, and before a page is committed to the catalog: whoever goes on
 * after a crash does not read that page again. What earlier runs wrote stays.
 */
export class KeywordIndex {
  readonly #root: string
  readonly #durable: boolean
  /** Of this run, by keyword, then by provider. */
  readonly #found = new Map<string, Map<string, Listed>>()
  #writing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #tidied: Promise<void> | undefined
  #trouble: Fault | undefined

  /** `durable`: forced to the disk before it replaces what is there. */
  constructor(root: string, durable: boolean) {
    this.#root = root
    this.#durable = durable
  }

  /** The same sources; what searches find is noted on its way to the engine. */
  observing(sources: readonly Source[]): readonly Source[] {
    return sources.map((source) =>
      source.name === 'search' ? { ...source, routes: source.routes.map((route) => this.#observed(route)) } : source,
    )
  }

  /** Throws what went wrong with the file: a search does not end for it. */
  async close(): Promise<void> {
    await (this.#next ?? this.#writing)
    if (this.#trouble !== undefined) throw this.#trouble
  }

  #observed(route: Route): Route {
    const strategies = route.strategies.map((strategy) => ({
      ...strategy,
      explore: (...[params, cursor, context]: Parameters<typeof strategy.explore>) =>
        this.#noting(strategy.explore(params, cursor, context), params, route.name),
    }))
    return { ...route, strategies }
  }

  async *#noting(findings: AsyncIterable<Finding>, params: Params, provider: string): AsyncIterable<Finding> {
    const { keyword } = params
    if (typeof keyword !== 'string') {
      yield* findings
      return
    }
    const list = this.#listOf(keyword, provider)
    try {
      for await (const finding of findings) {
        if (finding.kind === 'asset' && finding.asset.index !== undefined)
          list[finding.asset.index - 1] = finding.asset.candidates[0]?.url
        yield finding
      }
    } finally {
      await this.#written()
    }
  }

  #listOf(keyword: string, provider: string): Listed {
    const lists = this.#found.get(keyword) ?? new Map<string, Listed>()
    const list = lists.get(provider) ?? []
    this.#found.set(keyword, lists.set(provider, list))
    return list
  }

  /** One write serves all who wait for it; who comes while one is under way waits for the next. */
  #written(): Promise<void> {
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined
      this.#writing = this.#write()
      return this.#writing
    })
    return this.#next
  }

  async #write(): Promise<void> {
    if (this.#trouble !== undefined) return
    try {
      await this.#replace(JSON.stringify(merged(await this.#earlier(), this.#found), undefined, 2))
    } catch (thrown) {
      this.#trouble = unwritable(join(this.#root, INDEX_NAME), thrown)
    }
  }

  /** Read again each time: another process may collect into the library, too. */
  async #earlier(): Promise<KeywordUrls> {
    const file = join(this.#root, INDEX_NAME)
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
      throw thrown
    })
    return text === undefined ? new Map<string, readonly string[]>() : readIndex(text, file)
  }

  async #replace(text: string): Promise<void> {
    const folder = join(this.#root, '.bowerbird')
    await mkdir(folder, { recursive: true })
    this.#tidied ??= removeLeftovers(folder)
    await this.#tidied
    const temporary = join(folder, `${INDEX_NAME}.${process.pid}`)
    try {
      // Whole URLs may carry secrets: for the user alone.
      const handle = await open(temporary, 'w', 0o600)
      try {
        await handle.writeFile(`${text}\n`)
        if (this.#durable) await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temporary, join(this.#root, INDEX_NAME))
    } catch (thrown) {
      await rm(temporary, { force: true })
      throw thrown
    }
  }
}

function merged(
  earlier: KeywordUrls,
  found: ReadonlyMap<string, ReadonlyMap<string, Listed>>,
): Readonly<Record<string, readonly string[]>> {
  const index = new Map(earlier)
  for (const [keyword, lists] of found) {
    index.set(keyword, mergedList([...lists.values()], earlier.get(keyword) ?? []))
  }
  return Object.fromEntries(index)
}

/**
 * What this run listed stands where it was listed, so that places in the list are the numbers of its files; pages that
 * an earlier run has read, and this one did not, fill the gaps. Nothing is dropped.
 */
function mergedList([listed = [], ...others]: readonly Listed[], earlier: readonly string[]): readonly string[] {
  const placed = Array.from({ length: listed.length }, (_, at) => listed[at] ?? earlier[at])
  return [...new Set([...placed, ...others.flat(), ...earlier].filter((url) => url !== undefined))]
}

/** What a process left behind that was killed while it wrote; those that run have their number in the name. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^keyword_urls\.json\.(\d+)$/.exec(name)?.[1] ?? process.pid)
    if (pid !== process.pid && !isRunning(pid)) await rm(join(folder, name), { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

function unwritable(file: string, thrown: unknown): Fault {
  if (thrown instanceof Fault)
    return new Fault(thrown.code, thrown.message, {
      advice: 'it stays as it is, and what this run found is not in it: move it away',
      cause: thrown,
    })
  const { message } = toFault(thrown)
  const isFull = thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')
  return new Fault(isFull ? 'DiskFull' : 'DiskRefused', `the index ${file} cannot be written: ${message}`, {
    advice: 'what was collected is safe; search again when it can be written',
    cause: thrown,
  })
}
