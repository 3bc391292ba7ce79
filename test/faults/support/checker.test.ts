import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { spawnSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { start } from '../../e2e/program.ts'
import { Library } from '../../engine/library.ts'
import { check } from './checker.ts'
import { fillWithPictures } from './gallery.ts'
import { Scene } from './scene.ts'

const FILES = 8
const NO_STRACE =
  spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0 ? '' : 'strace is missing or not allowed here'

/** A library of eight sound pictures. */
let sound: Scene
/** A copy of it that a test may damage. */
let copy: Library

beforeAll(async () => {
  sound = await Scene.lasting()
  await fillWithPictures(sound, FILES)
  const { stderr } = await sound.run([sound.site.url(`/[1-${FILES}].jpg`), '-q'])
  if (stderr !== '') throw new Error(stderr)
})

afterAll(() => sound.close())

beforeEach(() => {
  copy = new Library()
  cpSync(sound.library.root, copy.root, { recursive: true })
})

afterEach(() => copy.remove())

function sql(root: string, statement: string): void {
  const db = new DatabaseSync(join(root, '.bowerbird/catalog.db'))
  db.exec(`pragma foreign_keys = off; ${statement}`)
  db.close()
}

/** One of the stored files. */
function first(): string {
  return copy.names[0] ?? ''
}

test('the checker finds nothing wrong with a library that is as it should be', async () => {
  expect(await check(copy.root, { held: sound.held, states: { stored: FILES }, secrets: ['hunter2'] })).toEqual([])
})

describe('the checker finds what is planted:', () => {
  test.each<[string, (root: string) => void, RegExp]>([
    ['a file that is cut', (root) => truncateSync(join(root, first()), 100), /does not decode/],
    ['a byte too many', (root) => appendFileSync(join(root, first()), 'x'), /not what the catalog says/],
    [
      'other bytes that the catalog agrees with',
      (root) => {
        const [one = '', , , , other = ''] = copy.names
        cpSync(join(root, other), join(root, one))
        sql(
          root,
          `update files set (bytes, sha256) = (select bytes, sha256 from files where path = '${other}') where path = '${one}'`,
        )
      },
      /not what the server holds/,
    ],
    ['a file that is gone', (root) => rmSync(join(root, first())), /not on the disk/],
    ['a file without a row', (root) => writeFileSync(join(root, 'more.jpg'), ''), /more\.jpg has no row/],
    ['a wrong extension', rename, /is a (?:jpeg|png|gif|webp)/],
    ['a part', (root) => writeFileSync(join(root, '.bowerbird/parts/abc'), ''), /left behind/],
    ['secrets of a stored item', (root) => keepSecret(root, 0o600), /are kept, though it is stored/],
    ['secrets for everybody', (root) => keepSecret(root, 0o644), /can be read by others/],
    ['a row that is lost', (root) => sql(root, 'delete from files where asset = 1'), /equally many/],
    [
      'an item between two states',
      (root) => sql(root, "update assets set state = 'listed' where id = 1"),
      /1 items are listed/,
    ],
    [
      'an item that failed for no reason',
      (root) => sql(root, "update assets set state = 'failed' where id = 1"),
      /without a reason/,
    ],
    ['a ref that waits', (root) => sql(root, "update refs set state = 'waiting'"), /refs are left/],
    ['a row that belongs to nothing', (root) => sql(root, 'delete from assets where id = 1'), /belongs to nothing/],
    ['a secret', (root) => sql(root, "update targets set text = 'hunter2'"), /holds the secret/],
    ['a catalog that is damaged', damage, /damaged|malformed|not a database/],
  ])('%s', async (_what, plant, expected) => {
    plant(copy.root)
    const looked = check(copy.root, { held: sound.held, secrets: ['hunter2'] })
    const problems = await looked.catch((thrown: unknown) => [String(thrown)])
    expect(problems.join('\n')).toMatch(expected)
  })
})

function rename(root: string): void {
  const name = first()
  const other = name.replace(/\w+$/, 'tiff')
  renameSync(join(root, name), join(root, other))
  sql(root, `update files set path = '${other}' where path = '${name}'`)
}

function keepSecret(root: string, mode: number): void {
  const file = join(root, '.bowerbird/private.db')
  const catalog = new DatabaseSync(join(root, '.bowerbird/catalog.db'), { readOnly: true })
  const key = String(catalog.prepare('select key from assets').get()?.['key'])
  catalog.close()
  const db = new DatabaseSync(file)
  db.exec(`create table secrets (name text, value text); insert into secrets values ('asset:${key}', '{}')`)
  db.close()
  chmodSync(file, mode)
}

function damage(root: string): void {
  const file = join(root, '.bowerbird/catalog.db')
  const bytes = readFileSync(file)
  bytes.fill(0xff, 8192, 12_288)
  writeFileSync(file, bytes)
}

/**
 * The model of a power cut: the process is killed, and of every file that was not forced to the disk by then nothing but
 * its name is left, as file systems that allocate late do it.
 */
describe.skipIf(NO_STRACE !== '')(`row 37: after a power cut [${NO_STRACE || 'by strace'}]`, () => {
  async function powerCut(scene: Scene, flags: readonly string[]): Promise<readonly string[]> {
    const files = 60
    await fillWithPictures(scene, files)
    // Slow enough for some groups to be committed before the kill.
    scene.site.latency = 40
    const trace = scene.library.beside('trace')
    const through = ['strace', '-f', '-qq', '-y', '-o', trace, '-e', 'trace=fsync,fdatasync,link,linkat']
    const args = [scene.site.url(`/[1-${files}].jpg`), '--to', scene.library.root, '-j', '4', '-q', ...flags]
    const { child, finished } = start(args, { through })
    scene.site.onAsked = (path) => {
      if (path === '/40.jpg') spawnSync('pkill', ['-KILL', '-P', String(child.pid)])
    }
    await finished
    const lines = readFileSync(trace, 'utf8')
    const synced = new Set([...lines.matchAll(/f(?:data)?sync\(\d+<([^>]+)>/g)].map((match) => match[1] ?? ''))
    const links = [...lines.matchAll(/link(?:at)?\((?:[^"]*)"([^"]+)",[^"]*"([^"]+)"/g)]
    const parts = new Map(links.map((match) => [match[2] ?? '', match[1] ?? '']))
    const lost = scene.library.names.filter((name) => {
      const place = join(scene.library.root, name)
      return !synced.has(place) && !synced.has(parts.get(place) ?? '')
    })
    for (const name of lost) truncateSync(join(scene.library.root, name), 0)
    expect(existsSync(join(scene.library.root, '.bowerbird/catalog.db'))).toBe(true)
    expect(scene.library.names.length).toBeGreaterThan(5)
    return scene.check({ unfinished: true })
  }

  test('every file that stands there is whole, and the rest comes with resume', async () => {
    const scene = await Scene.open()
    const problems = await powerCut(scene, [])
    expect(problems.filter((line) => !line.endsWith('has no row'))).toEqual([])
    expect((await scene.run(['resume', '-q'])).status).toBe(0)
    expect(await scene.check({ states: { stored: 60 } })).toEqual([])
  })

  test('with --no-fsync, which promises no such thing, the checker finds files that are lost', async () => {
    const scene = await Scene.open()
    expect((await powerCut(scene, ['--no-fsync'])).join('\n')).toMatch(/is not what the catalog says/)
  })
})
