import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUpCatalog, backupOf } from '../../src/adapters/catalog/sqlite/backup.ts'
import { rebuildCatalog, setAsidePrivate } from '../../src/adapters/catalog/sqlite/rebuild.ts'
import { listed, next } from '../contracts/catalog-bench.ts'
import { sqlitePlace, unsound } from './place.ts'
import type { SqlitePlace } from './place.ts'

const PAGE_BYTES = 4096
const ITEMS = 3000

let place: SqlitePlace

/** A closed catalog with some thousand items. */
beforeEach(async () => {
  place = await sqlitePlace()
  const catalog = await place.open()
  const { id: run } = await catalog.runs.begin({})
  const root = { source: 'imgur', route: 'subreddit', params: { name: 'funny' } }
  const { id } = await catalog.frontier.open({ text: 'imgur:r/funny', root, named: true }, { run, mode: 'visit' })
  for (let page = 1; page <= ITEMS / 1000; page += 1) {
    const [ref] = await catalog.frontier.take(id, run, 1)
    if (ref === undefined) throw new Error('a ref waits')
    const assets = Array.from({ length: 1000 }, (_, index) =>
      listed({ key: `imgur:${page}-${index}`, position: index }),
    )
    await catalog.frontier.commit(ref, { assets, refs: [next(page + 1)], strategy: 'json' })
  }
  await catalog.close()
})

afterEach(() => rmSync(place.folder, { recursive: true }))

function backUp(hurry = false): Promise<void> {
  return backUpCatalog(place.file, { durable: true, hurry })
}

function keysOf(file: string): readonly string[] {
  const database = new DatabaseSync(file)
  const keys = database.prepare('select key from assets order by id').all()
  database.close()
  return keys.map(({ key }) => String(key))
}

/** Overwrites pages, counted from 0. */
function spoil(file: string, ...pages: readonly number[]): void {
  const bytes = readFileSync(file)
  for (const page of pages) bytes.fill(0x5a, page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
  writeFileSync(file, bytes)
}

/** Pages that hold rows of a table, the inner ones of its tree apart. */
function leavesOf(file: string, table: string): readonly number[] {
  const database = new DatabaseSync(file)
  const found = database.prepare(`select pageno from dbstat where name = ? and pagetype = 'leaf'`).all(table)
  database.close()
  return found.map(({ pageno }) => Number(pageno) - 1)
}

describe('a backup', () => {
  it('has what is committed, also while the catalog is open, and takes the place of the older one', async () => {
    await backUp()
    const first = statSync(backupOf(place.file)).ino
    const catalog = await place.open()
    const { id } = await catalog.runs.begin({})
    await backUp()
    await catalog.runs.end(id, {
      state: 'finished',
      exit: 0,
      counts: { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 },
      reasons: {},
    })
    await catalog.close()
    expect(statSync(backupOf(place.file)).ino).not.toBe(first)
    expect(readdirSync(place.folder).toSorted()).toEqual(['catalog.backup.db', 'catalog.db'])
    const copy = new DatabaseSync(backupOf(place.file), { readOnly: true })
    expect(copy.prepare('select count(*) as runs from runs').get()).toEqual({ runs: 2 })
    expect(copy.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'delete' })
    copy.close()
    expect(keysOf(backupOf(place.file))).toHaveLength(ITEMS)
  })

  it('of a damaged catalog is refused, and the sound one stays', async () => {
    await backUp()
    const sound = readFileSync(backupOf(place.file))
    spoil(place.file, ...leavesOf(place.file, 'assets').slice(3, 4))
    await expect(backUp()).rejects.toMatchObject({ code: 'CatalogDamaged' })
    expect(readFileSync(backupOf(place.file)).equals(sound)).toBe(true)
    expect(readdirSync(place.folder).toSorted()).toEqual(['catalog.backup.db', 'catalog.db'])
  })

  it.each([
    ['for a moment', 300],
    ['for long', 20_000],
  ])('is made when nobody holds the catalog, and missed without harm: held %s', async (_, milliseconds) => {
    const other = new DatabaseSync(place.file)
    other.exec('pragma locking_mode = exclusive; begin exclusive')
    const release = setTimeout(() => other.close(), milliseconds)
    await backUp()
    expect(existsSync(backupOf(place.file))).toBe(milliseconds < 5_000)
    clearTimeout(release)
    if (other.isOpen) other.close()
    await backUp()
    expect(keysOf(backupOf(place.file))).toHaveLength(ITEMS)
  })

  it('of a large catalog is made once a day, and not while somebody waits', async () => {
    const database = new DatabaseSync(place.file)
    database.exec(`create table ballast (bytes blob); insert into ballast values (zeroblob(${9 * 2 ** 20}))`)
    database.close()
    await backUp(true)
    expect(existsSync(backupOf(place.file))).toBe(false)
    await backUp()
    const { ino } = statSync(backupOf(place.file))
    await backUp()
    expect(statSync(backupOf(place.file)).ino).toBe(ino)
    const yesterday = Date.now() / 1000 - 25 * 3600
    utimesSync(backupOf(place.file), yesterday, yesterday)
    await backUp()
    expect(statSync(backupOf(place.file)).ino).not.toBe(ino)
  })

  it('that another process is making is left to it; one that nobody finished is not', async () => {
    const fresh = `${backupOf(place.file)}.new`
    writeFileSync(fresh, '')
    await backUp()
    expect(existsSync(backupOf(place.file))).toBe(false)
    utimesSync(fresh, 1, 1)
    await backUp()
    expect(readdirSync(place.folder).toSorted()).toEqual(['catalog.backup.db', 'catalog.db'])
  })
})

describe('a catalog is rebuilt', () => {
  it('not while it is sound, nor when it is of another program, newer, or in use', async () => {
    expect(await rebuildCatalog(place.file)).toBeUndefined()
    const catalog = await place.open()
    await catalog.runs.begin({})
    await expect(rebuildCatalog(place.file)).rejects.toMatchObject({ code: 'CatalogBusy' })
    await catalog.close()
    const database = new DatabaseSync(place.file)
    database.exec('pragma user_version = 99')
    database.close()
    await expect(rebuildCatalog(place.file)).rejects.toMatchObject({ code: 'CatalogNewer' })
    const diary = join(dirname(place.folder), 'diary.txt')
    writeFileSync(diary, 'dear diary '.repeat(50))
    await expect(rebuildCatalog(diary)).rejects.toMatchObject({ message: expect.stringContaining('another program') })
    expect(readFileSync(diary, 'utf8')).toContain('dear diary')
  })

  it('of its own rows where there is no backup: only what lay on the spoilt pages is lost', async () => {
    const all = keysOf(place.file)
    const leaves = leavesOf(place.file, 'assets')
    spoil(place.file, ...[2, 3, 10, leaves.length - 1].map((index) => leaves[index] ?? 0))
    const spoilt = readFileSync(place.file)
    const rebuilt = await rebuildCatalog(place.file)
    const perLeaf = Math.ceil(ITEMS / leaves.length) + 3
    expect(rebuilt?.backup).toBeUndefined()
    expect(rebuilt?.salvaged).toBeGreaterThan(ITEMS - 4 * perLeaf)
    expect(rebuilt?.salvaged).toBeLessThan(ITEMS)
    expect(keysOf(place.file)).toHaveLength(rebuilt?.salvaged ?? 0)
    expect(keysOf(place.file).filter((key) => !all.includes(key))).toEqual([])
    expect(unsound(place.file)).toEqual([])
    expect(readFileSync(rebuilt?.aside ?? '').equals(spoilt)).toBe(true)
    const catalog = await place.open()
    expect((await catalog.runs.unfinished()).map(({ id }) => id)).toEqual([1])
    await catalog.close()
  })

  it('of backup and rows together: nothing is lost', async () => {
    await backUp()
    const made = statSync(backupOf(place.file)).mtimeMs
    const catalog = await place.open()
    const { id: run } = await catalog.runs.begin({})
    const { id } = await catalog.frontier.open({ id: 1 }, { run, mode: 'resume' })
    const [ref] = await catalog.frontier.take(id, run, 1)
    if (ref === undefined) throw new Error('a ref waits')
    await catalog.frontier.commit(ref, { assets: [listed({ key: 'imgur:newest' })], refs: [], strategy: 'json' })
    await catalog.close()
    const all = keysOf(place.file)
    spoil(place.file, ...leavesOf(place.file, 'assets').slice(2, 6))
    expect(await rebuildCatalog(place.file)).toMatchObject({ backup: made })
    expect(keysOf(place.file)).toEqual(all)
    expect(all.at(-1)).toBe('imgur:newest')
    expect(unsound(place.file)).toEqual([])
  })

  it.each<[string, (file: string) => void]>([
    ['its first page is lost', (file) => spoil(file, 0)],
    ['it is cut to nothing', (file) => truncateSync(file, 0)],
    ['it is cut in the middle', (file) => truncateSync(file, 40 * PAGE_BYTES)],
    ['it is gone', (file) => rmSync(file)],
    ['something else stands there', (file) => writeFileSync(file, 'x'.repeat(10_000))],
  ])('of its backup where %s', async (_what, harm) => {
    await backUp()
    const all = keysOf(place.file)
    harm(place.file)
    expect(await rebuildCatalog(place.file)).toBeDefined()
    expect(keysOf(place.file)).toEqual(all)
    expect(unsound(place.file)).toEqual([])
    expect(await rebuildCatalog(place.file)).toBeUndefined()
  })

  it('with a damaged backup as with none, and with neither as an empty one', async () => {
    await backUp()
    spoil(backupOf(place.file), 0)
    spoil(place.file, 0)
    expect(await rebuildCatalog(place.file)).toMatchObject({ salvaged: 0 })
    expect(keysOf(place.file)).toEqual([])
    const catalog = await place.open()
    await catalog.close()
  })

  it('and each damaged one keeps a name of its own', async () => {
    for (let time = 0; time < 3; time += 1) {
      spoil(place.file, 5)
      expect(existsSync((await rebuildCatalog(place.file))?.aside ?? '')).toBe(true)
    }
    expect(readdirSync(place.folder).filter((name) => name.includes('damaged'))).toHaveLength(3)
    expect(readdirSync(place.folder).filter((name) => name.includes('rebuild'))).toEqual([])
  })
})

describe('the private store', () => {
  it('is put aside where it is damaged, and only there', async () => {
    const catalog = await place.open()
    const { id } = await catalog.runs.begin({ targets: ['https://example.org/?token=Zx81'] })
    await catalog.runs.end(id, {
      state: 'interrupted',
      exit: 130,
      counts: { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 },
      reasons: {},
    })
    await catalog.close()
    expect(setAsidePrivate(place.file)).toBeUndefined()
    copyFileSync(place.file, `${place.file}.kept`)
    spoil(place.privateFile, 0)
    const aside = setAsidePrivate(place.file)
    expect(statSync(aside ?? '').mode & 0o777).toBe(0o600)
    expect(existsSync(place.privateFile)).toBe(false)
    expect(setAsidePrivate(place.file)).toBeUndefined()
  })
})
