import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import yazl from 'yazl'
import { buffer } from 'node:stream/consumers'
import { Fault } from '../../src/core/errors.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { asset, collectWith, counts, get, place, testSource } from './harness.ts'
import type { Place } from './harness.ts'
import { jpeg, picture } from './pictures.ts'

async function filled(): Promise<Place> {
  const here = await place()
  here.site.on('/*', ({ path }) => picture(path))
  return here
}

const list = testSource({
  async *list() {
    for (let at = 1; at <= 30; at += 1) yield asset(`http://site.test/f/${at}.jpg`)
  },
})

/** Fifteen answers after one another, at two at once, take several times as long as a group of settlements waits. */
const SLOWER_THAN_A_GROUP_MS = 30

/** Parts of which one function of the catalog's assets throws, from its second call on. */
function failing(what: 'claim' | 'settle' | 'listed', fault: Fault): (parts: EngineParts) => EngineParts {
  return (parts) => {
    const { assets } = parts.catalog
    let calls = 0
    const original = assets[what].bind(assets) as (...args: readonly unknown[]) => Promise<unknown>
    Object.assign(assets, {
      [what]: (...args: readonly unknown[]) => {
        calls += 1
        return calls > (what === 'settle' ? 1 : 0) ? Promise.reject(fault) : original(...args)
      },
    })
    return parts
  }
}

describe('local trouble in the middle of a run', () => {
  test.each([
    ['claim', 'DiskFull'],
    ['settle', 'DiskFull'],
    ['settle', 'CatalogBusy'],
    ['listed', 'DiskFault'],
  ] as const)('%s meets %s: the run ends with 5 and the fault; the next run does the rest', async (what, code) => {
    const here = await filled()
    here.site.latency = SLOWER_THAN_A_GROUP_MS
    const fault = new Fault(code, 'trouble')
    const ran = await collectWith([list], here, ['test:list/1'], { change: failing(what, fault), flags: { jobs: '2' } })
    expect([ran.exit, ran.fault]).toEqual([5, fault])
    expect(ran.end.interrupted).toBe(true)
    const again = await collectWith([list], here, ['test:list/1'])
    expect(again.exit).toBe(0)
    expect(here.library.states()).toEqual({ stored: 30 })
    expect(here.library.names).toHaveLength(30)
    expect(here.library.leftovers()).toEqual([])
  })

  test('a list of targets that cannot be read on ends the run, after what runs', async () => {
    const here = await filled()
    async function* named(): AsyncGenerator<never> {
      yield* []
      await Promise.reject(new Fault('DiskFault', 'the list cannot be read on'))
    }
    const ran = await collectWith([list], here, [], { job: { named: named() } })
    expect([ran.exit, ran.fault?.message]).toEqual([5, 'the list cannot be read on'])
  })
})

async function zipped(entries: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const [name, bytes] of Object.entries(entries)) zip.addBuffer(bytes, name)
  zip.end()
  return buffer(zip.outputStream)
}

describe('--extract', () => {
  test('puts the files of an archive beside it, each verified', async () => {
    const here = await filled()
    const body = await zipped({
      'a/1.jpg': jpeg('1'),
      'a/2.jpg': jpeg('2'),
      'page.html': Buffer.from('<!doctype html>'),
    })
    here.site.on('/set.zip', { headers: { 'content-type': 'application/zip' }, body })
    const ran = await get(here.library, [here.site.url('/set.zip')], { flags: { extract: true } })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 1 }])
    expect(here.library.names).toEqual(['127.0.0.1/set.zip', '127.0.0.1/set/a/1.jpg', '127.0.0.1/set/a/2.jpg'])
    expect(here.library.leftovers()).toEqual([])
  })

  test('an archive that would write elsewhere is kept packed, with a warning, and costs nothing else', async () => {
    const here = await filled()
    const body = Buffer.from(
      (await zipped({ 'aa/escaped.jpg': jpeg('1') })).toString('latin1').replaceAll('aa/escaped', '../escaped'),
      'latin1',
    )
    here.site.on('/set.zip', { headers: { 'content-type': 'application/zip' }, body })
    const ran = await get(here.library, [here.site.url('/set.zip'), here.site.url('/other.jpg')], {
      flags: { extract: true },
    })
    expect([ran.exit, counts(ran)]).toEqual([0, { stored: 2 }])
    expect(ran.of('note').map(({ message }) => message)).toEqual([expect.stringContaining('is kept packed')])
    expect(here.library.names).toEqual(['127.0.0.1/other.jpg', '127.0.0.1/set.zip'])
    expect(readdirSync(join(here.library.root, '..'))).toEqual(['library'])
  })
})
