import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { copyCatalog } from '../../src/adapters/catalog/sqlite/copy.ts'
import { APPLICATION_ID, migrate, MIGRATIONS } from '../../src/adapters/catalog/sqlite/migrate.ts'
import { openCatalog } from '../../src/adapters/catalog/sqlite/open.ts'
import { generate } from '../../scripts/generate-schema.ts'
import { staleFiles } from '../../scripts/generated-files.ts'
import { listed, next } from '../contracts/catalog-bench.ts'
import { sqlitePlace } from './place.ts'
import type { SqlitePlace } from './place.ts'

const PAGE_BYTES = 4096

/** A closed catalog with some thousand assets. */
async function filledPlace(): Promise<SqlitePlace> {
  const place = await sqlitePlace()
  const catalog = await place.open()
  const { id: run } = await catalog.runs.begin({})
  const root = { source: 'imgur', route: 'subreddit', params: { name: 'funny' } }
  const { id } = await catalog.frontier.open({ text: 'imgur:r/funny', root, named: true }, { run, mode: 'visit' })
  for (let page = 1; page <= 3; page += 1) {
    const [ref] = await catalog.frontier.take(id, run, 1)
    if (ref === undefined) throw new Error('a ref waits')
    const assets = Array.from({ length: 1000 }, (_, index) =>
      listed({ key: `imgur:${page}-${index}`, position: page * 1000 + index }),
    )
    await catalog.frontier.commit(ref, { assets, refs: [next(page + 1)], strategy: 'json' })
  }
  await catalog.close()
  return place
}

async function fault(
  place: SqlitePlace,
): Promise<{ readonly code: string; readonly message: string; readonly advice: string }> {
  try {
    const catalog = await place.open()
    await catalog.close()
  } catch (thrown) {
    expect(thrown).toHaveProperty('evidence.advice')
    return {
      ...(thrown as { code: string; evidence: { advice: string } }),
      message: String(thrown),
      advice: (thrown as { evidence: { advice: string } }).evidence.advice,
    }
  }
  throw new Error('the catalog opened')
}

/** Of util-linux. */
const UNSHARE = 'unshare'
/** Whether an ordinary user may make a file system of their own here. */
const mountable = spawnSync(UNSHARE, ['-rm', 'true']).status === 0
const NOT_MOUNTABLE = ' (skipped: no user name spaces here)'

/** Runs a script in a process that has a disk of one megabyte to itself. */
async function onOwnDisk(script: string): Promise<string> {
  const { folder } = await sqlitePlace()
  const disk = join(folder, 'disk')
  mkdirSync(disk, { recursive: true })
  const source = `
    import { execFileSync } from 'node:child_process'
    import { rmSync, writeFileSync } from 'node:fs'
    import { openCatalog } from ${JSON.stringify(join(import.meta.dirname, '../../src/adapters/catalog/sqlite/open.ts'))}
    const disk = ${JSON.stringify(disk)}
    const options = { file: disk + '/catalog.db', durable: true, busySeconds: 5 }
    ${script}`
  const shell = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" --input-type=module -e "$3"'
  return execFileSync(UNSHARE, ['-rm', 'sh', '-c', shell, 'sh', disk, process.execPath, source], { encoding: 'utf8' })
}

describe('a catalog that cannot be used', () => {
  it('because it is no database', async () => {
    const place = await sqlitePlace()
    mkdirSync(place.folder)
    writeFileSync(place.file, 'this is not a database, but it is longer than one hundred bytes '.repeat(100))
    const found = await fault(place)
    expect(found).toMatchObject({ code: 'CatalogDamaged' })
    expect(found.message).toContain(place.file)
    expect(found.advice).toContain('bowerbird doctor --rebuild')
  })

  it('because it was cut off', async () => {
    const place = await filledPlace()
    for (const keep of [50, 10 * PAGE_BYTES, statSync(place.file).size - 1]) {
      truncateSync(place.file, keep)
      expect(await fault(place)).toMatchObject({ code: 'CatalogDamaged' })
    }
  })

  it('because a page was overwritten', async () => {
    const place = await filledPlace()
    const bytes = readFileSync(place.file)
    for (const page of [1, 20, Math.floor(bytes.length / PAGE_BYTES) - 5]) {
      writeFileSync(place.file, Buffer.from(bytes).fill(0x5a, page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
      expect(await fault(place)).toMatchObject({ code: 'CatalogDamaged' })
    }
    writeFileSync(place.file, bytes)
    await (await place.open()).close()
  })

  it('because it is of another program', async () => {
    const place = await sqlitePlace()
    mkdirSync(place.folder)
    const other = new DatabaseSync(place.file)
    other.exec('create table songs (title text)')
    other.close()
    const found = await fault(place)
    expect(found).toMatchObject({ code: 'CatalogDamaged' })
    expect(found.message).toContain('another program')
  })

  it('because a newer version wrote it', async () => {
    const place = await filledPlace()
    const newer = new DatabaseSync(place.file)
    newer.exec(`pragma user_version = ${MIGRATIONS.length + 1}`)
    newer.close()
    expect(await fault(place)).toMatchObject({ code: 'CatalogNewer' })
  })

  it('because it is a folder, or its folder is a file', async () => {
    const place = await sqlitePlace()
    mkdirSync(place.file, { recursive: true })
    expect(await fault(place)).toMatchObject({ code: 'DiskRefused' })
    const file = join(place.folder, 'file')
    writeFileSync(file, '')
    await expect(openCatalog({ file: join(file, 'catalog.db'), durable: true, busySeconds: 1 })).rejects.toMatchObject({
      code: 'DiskRefused',
    })
  })

  it.skipIf(!mountable)(`because nothing can be made on its disk${mountable ? '' : NOT_MOUNTABLE}`, async () => {
    const output = await onOwnDisk(`
      execFileSync('mount', ['-o', 'remount,ro', disk])
      await openCatalog(options).catch((thrown) => console.log(thrown.code, thrown.message))
    `)
    expect(output).toMatch(/^DiskRefused the catalog .*catalog\.db cannot be opened for writing/)
  })

  it('because another process holds it for too long, and the event loop goes on meanwhile', async () => {
    const place = await sqlitePlace()
    const catalog = await openCatalog({ file: place.file, durable: false, busySeconds: 0.4 })
    const other = new DatabaseSync(place.file)
    other.exec('begin immediate')
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), 10)
    await expect(catalog.runs.begin({})).rejects.toMatchObject({ code: 'CatalogBusy' })
    clearInterval(ticking)
    // One is due long before the wait is over; how many more there are depends on the machine.
    expect(ticks).toBeGreaterThan(0)
    other.exec('rollback')
    expect((await catalog.runs.begin({})).id).toBe(1)
    other.close()
    await catalog.close()
  })
})

describe('a catalog on a read-only disk', () => {
  it.skipIf(!mountable)(`can be asked, and refuses a run${mountable ? '' : NOT_MOUNTABLE}`, async () => {
    const output = await onOwnDisk(`
      const listed = (key, title) => ({
        asset: { key, candidates: [{ url: 'https://example.org/', quality: 'full' }], meta: { title } },
        source: 'imgur', route: 'album', folder: 'imgur', stem: key, position: 1, named: false,
      })
      const catalog = await openCatalog(options)
      const { id: run } = await catalog.runs.begin({})
      const root = { source: 'imgur', route: 'album', params: {} }
      const target = await catalog.frontier.open({ text: 'imgur:a', root, named: true }, { run, mode: 'visit' })
      const [ref] = await catalog.frontier.take(target.id, run, 1)
      const assets = [listed('imgur:1', 'Red Mountain'), listed('imgur:2', 'Blue lake')]
      await catalog.frontier.commit(ref, { assets, refs: [], strategy: 'json' })
      await catalog.close()
      execFileSync('mount', ['-o', 'remount,ro', disk])
      const readOnly = await openCatalog(options)
      for await (const found of readOnly.search.find({ words: ['red', 'MOUNTAIN'] })) console.log('found', found.key)
      console.log('listed ' + (await readOnly.search.counts()).listed)
      await readOnly.runs.begin({}).catch((thrown) => console.log(thrown.code))
      await readOnly.close()
    `)
    expect(output).toBe('found imgur:1\nlisted 2\nDiskRefused\n')
  })
})

describe('a full disk', () => {
  it.skipIf(!mountable)(
    `ends with a fault, loses nothing, and goes on when there is room${mountable ? '' : NOT_MOUNTABLE}`,
    async () => {
      const output = await onOwnDisk(`
      writeFileSync(disk + '/ballast', Buffer.alloc(300_000))
      const catalog = await openCatalog(options)
      let begun = 0
      try {
        for (;;) { await catalog.runs.begin({ text: 'x'.repeat(5000) }); begun += 1 }
      } catch (thrown) {
        console.log(thrown.code, thrown.message)
      }
      rmSync(disk + '/ballast')
      const kept = (await catalog.runs.recent(1_000_000)).length
      await catalog.runs.begin({})
      await catalog.close()
      console.log(kept === begun ? 'nothing is lost' : 'of ' + begun + ' runs there are ' + kept)
    `)
      expect(output).toMatch(/^DiskFull there is no room left .*\nnothing is lost\n$/)
    },
  )
})

describe('a migration', () => {
  it('makes the checked-in schema', async () => {
    expect(await staleFiles(await generate())).toEqual([])
  })

  it('copies an older catalog beside itself, and alters all of it or nothing', async () => {
    const place = await filledPlace()
    const database = new DatabaseSync(place.file)
    const broken = [...MIGRATIONS, 'alter table runs add column note text', 'create table runs (id integer)']
    expect(() => migrate(database, place.file, broken)).toThrow('runs')
    expect(database.prepare('pragma user_version').get()).toEqual({ user_version: MIGRATIONS.length })
    migrate(database, place.file, broken.slice(0, -1))
    database.exec(`update runs set note = 'new'`)
    database.close()
    const copy = new DatabaseSync(`${place.file}.v${MIGRATIONS.length}`)
    expect(copy.prepare('select count(*) as assets from assets').get()).toEqual({ assets: 3000 })
    expect(copy.prepare('pragma application_id').get()).toEqual({ application_id: APPLICATION_ID })
    expect(() => copy.prepare('select note from runs')).toThrow('no such column')
    copy.close()
  })

  it('removes what a killed process left of such a copy, not what another one is at work on, nor a file of the user', async () => {
    const place = await filledPlace()
    const copy = `${place.file}.v${MIGRATIONS.length}`
    for (const name of ['4711', '4712', 'mine', '2.old']) writeFileSync(`${copy}.${name}`, 'half of it')
    const yesterday = new Date(Date.now() - 24 * 3_600_000)
    for (const name of ['4711', 'mine', '2.old']) utimesSync(`${copy}.${name}`, yesterday, yesterday)
    const database = new DatabaseSync(place.file)
    migrate(database, place.file, [...MIGRATIONS, 'alter table runs add column note text'])
    database.close()
    const names = [place.file, copy, `${copy}.2.old`, `${copy}.4712`, `${copy}.mine`].map((file) => basename(file))
    expect(readdirSync(place.folder).toSorted()).toEqual(names)
  })

  it('is done once by several connections that open a new catalog at the same moment', async () => {
    const place = await sqlitePlace()
    const catalogs = await Promise.all(Array.from({ length: 4 }, () => place.open()))
    const runs = await Promise.all(catalogs.map((catalog) => catalog.runs.begin({})))
    expect(runs.map((run) => run.id).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
    for (const catalog of catalogs) await catalog.close()
    expect(await place.leaks()).toEqual([])
  })
})

describe('a copy', () => {
  it('has what was committed, also while the catalog is open, and leaves nothing behind', async () => {
    const place = await filledPlace()
    const catalog = await place.open()
    await catalog.clocks.post('host', Date.now() + 60_000, 'only in the log so far')
    const copy = join(dirname(place.folder), 'copy.db')
    await copyCatalog(place.file, copy)
    await catalog.close()
    const copied = await openCatalog({ file: copy, durable: false, busySeconds: 1 })
    expect(await copied.search.counts()).toMatchObject({ listed: 3000 })
    expect(await copied.clocks.read()).toHaveLength(1)
    await copied.close()
    await copyCatalog(place.file, `${copy}.2`)
    expect(readdirSync(place.folder)).toEqual(['catalog.db'])
  })

  it('of a catalog that is not there is none', async () => {
    const place = await sqlitePlace()
    await copyCatalog(place.file, `${place.file}.copy`)
    expect(existsSync(`${place.file}.copy`)).toBe(false)
  })
})

describe('the private store', () => {
  it('is not there until something is secret, and keeps no byte of what was removed', async () => {
    const place = await filledPlace()
    expect(existsSync(place.privateFile)).toBe(false)
    const catalog = await place.open()
    const { id } = await catalog.runs.begin({ targets: ['https://example.org/?token=gone-for-good'] })
    expect(readFileSync(place.privateFile).includes('gone-for-good')).toBe(true)
    expect(statSync(place.privateFile).mode & 0o777).toBe(0o600)
    await catalog.runs.end(id, {
      state: 'finished',
      exit: 0,
      counts: { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 },
      reasons: {},
    })
    await catalog.close()
    expect(readFileSync(place.privateFile).includes('gone-for-good')).toBe(false)
    expect(readdirSync(place.folder).toSorted()).toEqual(['catalog.db', 'private.db'])
  })
})
