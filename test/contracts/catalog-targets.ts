import { describe, expect, it } from 'vitest'
import {
  ROOT,
  TARGET,
  begin,
  child,
  claimAll,
  failedAs,
  finish,
  listPage,
  listed,
  next,
  storedAs,
  takeOne,
} from './catalog-bench.ts'
import type { Bench } from './catalog-bench.ts'

/** What the contract says of targets. */
export function targetsContract(bench: Bench): void {
  describe('a target', () => {
    it('is the same one for the same text and root, and another for another root', async () => {
      const run = await begin(bench.catalog)
      const first = await bench.catalog.frontier.open(TARGET, { run, mode: 'visit' })
      const same = await bench.catalog.frontier.open({ ...TARGET, text: `  ${TARGET.text} ` }, { run, mode: 'visit' })
      const other = await bench.catalog.frontier.open(
        { ...TARGET, root: { ...ROOT, params: { name: 'aww' } } },
        { run, mode: 'visit' },
      )
      expect(first).toMatchObject({
        text: TARGET.text,
        source: 'imgur',
        visit: 1,
        continued: false,
        listed: 0,
        stored: 0,
        left: 0,
      })
      expect(same.id).toBe(first.id)
      expect(other.id).not.toBe(first.id)
    })

    it('does not care for the order of a root’s parameters', async () => {
      const run = await begin(bench.catalog)
      const one = await bench.catalog.frontier.open(
        { ...TARGET, root: { ...ROOT, params: { a: 1, b: 2 } } },
        { run, mode: 'visit' },
      )
      const two = await bench.catalog.frontier.open(
        { ...TARGET, root: { ...ROOT, params: { b: 2, a: 1 } } },
        { run, mode: 'visit' },
      )
      expect(two.id).toBe(one.id)
    })

    it('can be opened by its id, and an unknown id is refused', async () => {
      const run = await begin(bench.catalog)
      const { id } = await bench.catalog.frontier.open(TARGET, { run, mode: 'visit' })
      expect(await bench.catalog.frontier.open({ id }, { run, mode: 'resume' })).toMatchObject({
        id,
        text: TARGET.text,
      })
      await expect(bench.catalog.frontier.open({ id: 999 }, { run, mode: 'resume' })).rejects.toMatchObject({
        code: 'UnknownTarget',
      })
    })
  })

  describe('a visit', () => {
    it('that was interrupted goes on where it was: explored refs are not explored again', async () => {
      const first = await begin(bench.catalog)
      await listPage(
        bench.catalog,
        first,
        [listed({ key: 'imgur:a', position: 1 }), listed({ key: 'imgur:b', position: 2 })],
        [next(2)],
      )
      await finish(bench.catalog, first, 'interrupted')
      const run = await begin(bench.catalog)
      const row = await bench.catalog.frontier.open(TARGET, { run, mode: 'visit' })
      expect(row).toMatchObject({ visit: 1, continued: true, listed: 2, stored: 0 })
      const refs = await bench.catalog.frontier.take(row.id, run, 10)
      expect(refs.map((ref) => ref.spec.cursor)).toEqual([2])
      expect(refs[0]?.page).toBe(2)
    })

    it('that ended is followed by a new one: the root waits again, and so does what it lists once more', async () => {
      const first = await begin(bench.catalog)
      const { target } = await listPage(bench.catalog, first, [], [next(2)])
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, target, first), {
        assets: [],
        refs: [],
        strategy: 'json',
      })
      await finish(bench.catalog, first)
      const run = await begin(bench.catalog)
      const row = await bench.catalog.frontier.open(TARGET, { run, mode: 'visit' })
      expect(row).toMatchObject({ visit: 2, continued: false, listed: 0, left: 0 })
      const root = await takeOne(bench.catalog, target, run)
      expect(root.spec).toEqual(ROOT)
      expect(root.strategy).toBeUndefined()
      await bench.catalog.frontier.commit(root, { assets: [], refs: [next(2)], strategy: 'json' })
      expect((await takeOne(bench.catalog, target, run)).spec.cursor).toBe(2)
    })

    it('of a run that did not finish goes on while assets are listed, even when all refs are explored', async () => {
      const first = await begin(bench.catalog)
      const { rows } = await listPage(bench.catalog, first, [listed({ key: 'imgur:a' }), listed({ key: 'imgur:b' })])
      await claimAll(bench.catalog, rows.slice(0, 1), first)
      await bench.catalog.assets.settle(
        rows.slice(0, 1).map((row) => storedAs(row)),
        first,
      )
      await finish(bench.catalog, first, 'interrupted')
      const second = await begin(bench.catalog)
      expect(await bench.catalog.frontier.open(TARGET, { run: second, mode: 'visit' })).toMatchObject({
        visit: 1,
        continued: true,
        stored: 1,
      })
      await finish(bench.catalog, second)
      const third = await begin(bench.catalog)
      expect(await bench.catalog.frontier.open(TARGET, { run: third, mode: 'visit' })).toMatchObject({
        visit: 2,
        continued: false,
      })
    })

    it('lists a ref once, however often it is found', async () => {
      const run = await begin(bench.catalog)
      const { target } = await listPage(bench.catalog, run, [], [next(2), next(2), child('x')])
      const second = await takeOne(bench.catalog, target, run)
      await bench.catalog.frontier.commit(second, {
        assets: [],
        refs: [next(2), child('x'), { ...next(2), spec: ROOT }],
        strategy: 'json',
      })
      const rest = await bench.catalog.frontier.take(target, run, 10)
      expect(rest.map((ref) => ref.spec.route)).toEqual(['album'])
      expect(rest[0]).toMatchObject({ page: 1, depth: 1 })
    })

    it('leaves held refs alone on resume; a wider visit takes them', async () => {
      const first = await begin(bench.catalog)
      const { target } = await listPage(bench.catalog, first, [], [next(2, true)])
      expect(await bench.catalog.frontier.take(target, first, 10)).toEqual([])
      expect(await bench.catalog.frontier.remaining(target)).toEqual({ waiting: 0, held: 1, failed: 0 })
      await finish(bench.catalog, first)
      const second = await begin(bench.catalog)
      await bench.catalog.frontier.open({ id: target }, { run: second, mode: 'resume' })
      expect(await bench.catalog.frontier.take(target, second, 10)).toEqual([])
      await finish(bench.catalog, second)
      const third = await begin(bench.catalog)
      expect(await bench.catalog.frontier.open(TARGET, { run: third, mode: 'visit' })).toMatchObject({
        visit: 2,
        left: 1,
      })
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, target, third), {
        assets: [],
        refs: [next(2)],
        strategy: 'json',
      })
      expect((await takeOne(bench.catalog, target, third)).spec.cursor).toBe(2)
    })

    it('that saw everything makes up for what earlier ones left', async () => {
      const first = await begin(bench.catalog)
      const { target } = await listPage(bench.catalog, first, [], [next(2, true)])
      await finish(bench.catalog, first)
      const second = await begin(bench.catalog)
      expect(await bench.catalog.frontier.open(TARGET, { run: second, mode: 'visit' })).toMatchObject({ left: 1 })
      await bench.catalog.frontier.commit(await takeOne(bench.catalog, target, second), {
        assets: [],
        refs: [],
        strategy: 'json',
      })
      await finish(bench.catalog, second)
      const third = await begin(bench.catalog)
      expect(await bench.catalog.frontier.open(TARGET, { run: third, mode: 'visit' })).toMatchObject({
        visit: 3,
        left: 0,
      })
      expect(await bench.catalog.frontier.remaining(target)).toEqual({ waiting: 1, held: 0, failed: 0 })
    })

    it('lists failed assets again, a resumed one does not', async () => {
      const first = await begin(bench.catalog)
      const { rows } = await listPage(bench.catalog, first, [listed({ key: 'imgur:a' })])
      await claimAll(bench.catalog, rows, first)
      await bench.catalog.assets.settle(rows.map(failedAs), first)
      await finish(bench.catalog, first)
      const second = await begin(bench.catalog)
      await bench.catalog.frontier.open(TARGET, { run: second, mode: 'resume' })
      expect(await bench.stateOf('imgur:a')).toBe('failed')
      await finish(bench.catalog, second)
      const third = await begin(bench.catalog)
      await bench.catalog.frontier.open(TARGET, { run: third, mode: 'visit' })
      expect(await bench.stateOf('imgur:a')).toBe('listed')
    })

    it('shared by two live runs deals out each ref once', async () => {
      const other = await bench.open()
      const [mine, theirs] = [await begin(bench.catalog), await begin(other)]
      const { target } = await listPage(bench.catalog, mine, [], [next(2), child('x'), child('y'), child('z')])
      const row = await other.frontier.open(TARGET, { run: theirs, mode: 'visit' })
      expect(row).toMatchObject({ id: target, visit: 1, continued: true })
      const taken = await Promise.all([
        bench.catalog.frontier.take(target, mine, 2),
        other.frontier.take(target, theirs, 9),
      ])
      expect(new Set(taken.flat().map((ref) => ref.id)).size).toBe(4)
      expect(taken.map((refs) => refs.length).reduce((sum, count) => sum + count)).toBe(4)
    })
  })
}
