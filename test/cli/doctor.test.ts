import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { jsonLines, startSite, watch, workplace } from './support.ts'
import type { Site, Workplace } from './support.ts'

let site: Site
let place: Workplace

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

beforeEach(async () => {
  place = await workplace()
})
afterEach(() => place.remove())

type Check = Readonly<Record<'check' | 'level' | 'message' | 'advice', string>>

async function checks(
  ...args: readonly string[]
): Promise<{ readonly status: number | null; readonly found: readonly Check[] }> {
  const { status, stdout } = await place.run('doctor', '--to', 'lib', '--json', ...args)
  return { status, found: jsonLines(stdout) as readonly Check[] }
}

function of(found: readonly Check[], name: string): Check | undefined {
  return found.find(({ check }) => check === name)
}

async function collect(): Promise<void> {
  expect((await place.run(`${site.origin}/n/[1-3].jpg`, '--to', 'lib', '-q')).status).toBe(0)
}

function own(name: string): string {
  return join(place.folder, 'lib', '.bowerbird', name)
}

describe('doctor', () => {
  it('before anything was collected: 0, and nothing is made', async () => {
    const { status, found } = await checks()
    expect([status, of(found, 'library')?.message]).toEqual([0, expect.stringContaining('nothing was collected')])
    expect(found.filter(({ level }) => level === 'problem')).toEqual([])
    expect(of(found, 'node')?.message).toContain(process.versions.node)
    expect(existsSync(join(place.folder, 'lib'))).toBe(false)
  })

  it('a library that is well: 0, every line ok, nothing is left behind', async () => {
    await collect()
    const before = (await readdir(own('.'), { recursive: true })).toSorted()
    const { status, found } = await checks('--browser', process.execPath)
    // How full the disk of this machine is says nothing about the library.
    const odd = found.filter(({ check, level }) => level !== 'ok' && check !== 'room')
    expect([status, odd]).toEqual([0, []])
    expect(found.map(({ check }) => check).filter((name) => !/^(?:deviantart|imgur|search)$/.test(name))).toEqual([
      'bowerbird',
      'node',
      'configuration',
      'library',
      'file system',
      'room',
      'writable',
      'hard links',
      'names',
      'catalog',
      'schema',
      'runs',
      'backup',
      'parts',
      'browser',
    ])
    expect(of(found, 'catalog')?.message).toContain('3 items')
    expect((await readdir(own('.'), { recursive: true })).toSorted()).toEqual(before)
    const { stdout } = await place.run('doctor', '--to', 'lib')
    expect(stdout).toMatch(/^ok {7}catalog {9}.*every page, index and reference is sound/m)
    expect(await place.run('doctor', '--to', 'lib', '-q', '--browser', process.execPath)).toMatchObject({
      status: 0,
      stdout: '',
    })
  })

  it('a damaged catalog: 5, and the command that mends it', async () => {
    await collect()
    const bytes = await readFile(own('catalog.db'))
    await writeFile(own('catalog.db'), bytes.fill(0x5a, 8192, 12_288))
    const { status, found } = await checks()
    expect([status, of(found, 'catalog')?.level]).toEqual([5, 'problem'])
    expect(of(found, 'catalog')?.advice).toContain('bowerbird doctor --rebuild')
    expect(of(found, 'browser')).toBeDefined()
  })

  it('an index that disagrees with its table is found, too', async () => {
    await collect()
    const database = new DatabaseSync(own('catalog.db'))
    database.enableDefensive(false)
    database.exec(`
      pragma writable_schema = on;
      update sqlite_schema set sql = replace(sql, '(sha256)', '(bytes)') where name = 'files_sha256'`)
    database.close()
    const { status, found } = await checks()
    expect([status, of(found, 'catalog')?.message]).toEqual([5, expect.stringContaining('files_sha256')])
  })

  it('tells who works with the catalog, and which runs did not end', async () => {
    await collect()
    const running = watch(place.start(`${site.origin}/held/1.jpg`, '--to', 'lib', '--json'))
    await site.held(1)
    const { status, found } = await checks()
    expect([status, of(found, 'runs')?.message]).toEqual([
      0,
      expect.stringContaining(`process ${running.child.pid} on`),
    ])
    running.child.kill('SIGKILL')
    await running.ended
    const after = await checks()
    expect(after.status).toBe(0)
    expect(of(after.found, 'runs')).toMatchObject({
      level: 'warning',
      advice: expect.stringContaining('bowerbird resume'),
    })
    expect(of(after.found, 'runs')?.message).toContain('is dead')
  })

  it('parts, an open private store, and a backup that is missing', async () => {
    await collect()
    await writeFile(own('parts/0123456789abcdef'), Buffer.alloc(2 ** 20))
    const database = new DatabaseSync(own('private.db'))
    database.exec('create table secrets (name text primary key, value text) strict')
    database.close()
    await chmod(own('private.db'), 0o644)
    await rm(own('catalog.backup.db'))
    const { status, found } = await checks()
    expect(status).toBe(5)
    expect(of(found, 'parts')?.message).toBe('1 files are here in part, 1.0 MiB')
    expect(of(found, 'private store')).toMatchObject({ level: 'problem', advice: expect.stringContaining('chmod 600') })
    expect(of(found, 'backup')?.level).toBe('warning')
  })

  it('a configuration that is wrong is a problem among others; credentials are told of and never shown', async () => {
    await mkdir(join(place.folder, 'config', 'bowerbird'), { recursive: true })
    const file = join(place.folder, 'config', 'bowerbird', 'config.yaml')
    await writeFile(file, 'jobz: 3\n')
    const wrong = await checks()
    expect([wrong.status, of(wrong.found, 'configuration')]).toEqual([
      5,
      expect.objectContaining({ level: 'problem', message: expect.stringContaining('jobz') }),
    ])
    expect(of(wrong.found, 'browser')).toBeDefined()
    await writeFile(file, 'sources:\n  deviantart:\n    clientSecret: Zx81-not-for-anybody\n')
    const { stdout } = await place.run('doctor', '--to', 'lib')
    expect(stdout).toMatch(/deviantart +clientSecret is set\n/)
    expect(stdout).toMatch(/deviantart +clientId is not set\n/)
    expect(stdout).not.toContain('Zx81')
  })

  it('cookies that others may read, and a browser that is not there', async () => {
    const cookies = join(place.folder, 'cookies.txt')
    await writeFile(cookies, '# Netscape HTTP Cookie File\n')
    await chmod(cookies, 0o644)
    const config = join(place.folder, 'c.yaml')
    await writeFile(config, `cookies: ${cookies}\nbrowser: /nowhere/chromium\n`)
    const { status, found } = await checks('--config', config)
    expect(status).toBe(0)
    expect(of(found, 'cookies')).toMatchObject({ level: 'warning', advice: expect.stringContaining('chmod 600') })
    expect(of(found, 'browser')).toMatchObject({ level: 'warning', message: expect.stringContaining('search') })
  })

  it('--live comes later, and says so', async () => {
    const { status, stderr } = await place.run('doctor', '--live')
    expect([status, stderr]).toEqual([2, expect.stringContaining('--live comes in a later version')])
  })
})
