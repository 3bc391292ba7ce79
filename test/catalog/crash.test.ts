import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { sqlitePlace, unsound } from './place.ts'
import type { SqlitePlace } from './place.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

/** A process that collects, and the last position that it said it had committed. */
class Worker {
  readonly #child: ChildProcessByStdio<null, Readable, null>
  readonly #lines: Interface
  #last = 0

  constructor(place: SqlitePlace, pages: number) {
    this.#child = spawn(process.execPath, [WORKER, place.file, String(pages)], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#lines = createInterface(this.#child.stdout)
    this.#lines.on('line', (line) => (this.#last = Number(line.split(' ')[1])))
  }

  /** Resolves when the worker has committed so much. */
  async reached(position: number): Promise<void> {
    while (this.#last < position) await once(this.#lines, 'line', { signal: AbortSignal.timeout(20_000) })
  }

  /** Kills it and returns what it had said before. */
  async kill(): Promise<number> {
    const ended = Promise.all([once(this.#child, 'exit'), once(this.#lines, 'close')])
    this.#child.kill('SIGKILL')
    await ended
    return this.#last
  }
}

describe('a process that is killed in the middle of its commits', () => {
  it('leaves a sound catalog, time after time, in which all it committed is there and goes on', async () => {
    const place = await sqlitePlace()
    let committed = 0
    for (let round = 1; round <= 5; round += 1) {
      const worker = new Worker(place, 10_000)
      await worker.reached(committed + 20 * round)
      committed = await worker.kill()
      const catalog = await place.open()
      const { id: run, recovered } = await catalog.runs.begin({})
      const counts = await catalog.search.counts()
      expect(counts.fetching).toBe(0)
      expect(recovered).toBeGreaterThan(0)
      const all = Object.values(counts).reduce((sum, count) => sum + count)
      // The page that was committed but not yet told may be there as a whole, never in part.
      expect([committed, committed + 20]).toContain(all)
      expect(await catalog.search.show(`imgur:${committed}`)).toBeDefined()
      const target = await catalog.frontier.open({ id: 1 }, { run, mode: 'resume' })
      expect(target).toMatchObject({ listed: all, continued: true })
      expect(await catalog.frontier.remaining(1)).toEqual({ waiting: 1, held: 0, failed: 0 })
      await catalog.runs.end(run, {
        state: 'finished',
        exit: 0,
        counts: { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 },
        reasons: {},
      })
      await catalog.close()
      expect(await place.leaks()).toEqual([])
      committed = all
    }
  }, 60_000)

  it('is found dead at once: the next run takes back what it held and may resume its plan', async () => {
    const place = await sqlitePlace()
    const catalog = await place.open()
    const worker = new Worker(place, 1)
    await worker.reached(20)
    const { recovered } = await catalog.runs.begin({})
    expect(recovered).toBe(0)
    expect(await catalog.runs.unfinished()).toEqual([])
    await worker.kill()
    expect(await catalog.runs.unfinished()).toMatchObject([
      { id: 1, state: 'interrupted', plan: { targets: ['imgur:r/funny'] }, targets: [1] },
    ])
    // 5 assets were claimed and not settled.
    expect((await catalog.runs.begin({})).recovered).toBe(5)
    await catalog.close()
    expect(unsound(place.file)).toEqual([])
  })

  it('leaves no secret for ever: what belongs to nothing is removed when the next run begins', async () => {
    const place = await sqlitePlace()
    const worker = new Worker(place, 1)
    await worker.reached(20)
    await worker.kill()
    const store = new DatabaseSync(place.privateFile)
    store.exec(
      `insert into secrets values ('asset:imgur:unknown', '"of-nobody"'), ('ref:1:00', '"of-nobody"'), ('plan:x', '"of-nobody"')`,
    )
    const names = store.prepare('select name from secrets order by name')
    const catalog = await place.open()
    await catalog.runs.begin({})
    // 10 of the page's 20 assets are stored.
    expect(names.all()).toHaveLength(10)
    store.close()
    await catalog.close()
    expect(readFileSync(place.privateFile).includes('of-nobody')).toBe(false)
  })
})
