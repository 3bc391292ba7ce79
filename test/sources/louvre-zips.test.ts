/** Archives of the Louvre through the real program: unpacked where that is safe, kept as they are where it is not. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { makeMedia } from '../../replicas/harness/media.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { replica } from '../../replicas/louvre.ts'
import { RECORDS } from '../../replicas/louvre/museum.ts'
import { workplace } from '../cli/support.ts'
import type { Ended, Workplace } from '../cli/support.ts'

const ZIP = 'collections.louvre.fr/en/artwork/image/download/121146/0'

let running: RunningReplicas
let place: Workplace

beforeAll(async () => {
  running = await startReplicas([replica])
})
afterAll(() => running.close())
beforeEach(async () => {
  running.reset()
  place = await workplace()
})
afterEach(() => place.remove())

function collect(...args: readonly string[]): Promise<Ended> {
  return place.run(...args, '--to', 'museum', '--connect-to', running.connectTo, '--cacert', running.caFile)
}

/** All files of the library, and of the folder around it. */
async function files(): Promise<readonly string[]> {
  const all = await readdir(place.folder, { recursive: true, withFileTypes: true })
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.folder.length + 1))
    .filter((path) => !path.includes('.bowerbird/'))
    .toSorted()
}

async function zipOf(entries: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(content, name)
  zip.end()
  return buffer(zip.outputStream)
}

function serve(body: Buffer): void {
  running.mishap({
    on: ZIP,
    does: { kind: 'answer', status: 200, headers: { 'content-type': 'application/zip' }, body },
  })
}

describe('archives by number', () => {
  test('with --extract: the archive, and its files in a folder of its name', async () => {
    const { status, stderr } = await collect('louvre:zip/121146-121149', '--extract')
    expect([status, stderr]).toEqual([0, expect.stringMatching(/1 stored[^]*missing +3/)])
    const photographs = RECORDS.find(({ ark }) => ark === 'cl010062370')?.photographs ?? []
    const unpacked = photographs.map(({ id }) => `museum/louvre/121146/${id}.jpg`)
    expect(await files()).toEqual(['museum/louvre/121146.zip', ...unpacked].toSorted())
    for (const { id, media } of photographs) {
      const bytes = await readFile(join(place.folder, `museum/louvre/121146/${id}.jpg`))
      expect(bytes.equals((await makeMedia(media)).bytes)).toBe(true)
    }
  })

  test('behind the challenge are failed, to be tried again, and no gap', async () => {
    running.mishap({
      on: ZIP,
      does: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>WADP bot challenge</title>',
      },
    })
    const { status, stderr } = await collect('louvre:zip/121146-121147')
    expect([status, stderr]).toEqual([3, expect.stringContaining('WADP wants proof of a person')])
    expect(stderr).toMatch(/missing +1 /)
    expect(stderr).toMatch(/Blocked +1 /)
  })

  test('without it: the archive alone', async () => {
    expect((await collect('louvre:zip/121146')).status).toBe(0)
    expect(await files()).toEqual(['museum/louvre/121146.zip'])
  })

  test('that would write elsewhere is kept packed, and says so', async () => {
    const { bytes } = await makeMedia({ format: 'jpeg', width: 40, height: 30, seed: 9 })
    const archive = await zipOf({ 'fine.jpg': bytes, 'AA/AA/outside.jpg': bytes })
    // The library for archives writes no such name; it stands in the entry and in the directory.
    serve(Buffer.from(archive.toString('latin1').replaceAll('AA/AA/', '../../'), 'latin1'))
    const { status, stderr } = await collect('louvre:zip/121146', '--extract')
    expect([status, stderr]).toEqual([0, expect.stringContaining('is kept packed: the archive is not unpacked')])
    expect(stderr).toContain('leads outside')
    expect(await files()).toEqual(['museum/louvre/121146.zip'])
  })

  test('that grows without measure is kept packed, and says so', async () => {
    serve(await zipOf({ 'zeros.jpg': Buffer.alloc(20 * 2 ** 20) }))
    const { status, stderr } = await collect('louvre:zip/121146', '--extract')
    expect([status, stderr]).toEqual([0, expect.stringMatching(/is kept packed: .*grow to more than/)])
    expect(await files()).toEqual(['museum/louvre/121146.zip'])
  })

  test('of which one file is no image keeps that one packed', async () => {
    const { bytes } = await makeMedia({ format: 'jpeg', width: 40, height: 30, seed: 9 })
    serve(await zipOf({ 'fine.jpg': bytes, 'terms.html': Buffer.from('<!doctype html><title>Terms</title>') }))
    const { status, stderr } = await collect('louvre:zip/121146', '--extract')
    expect([status, stderr]).toEqual([0, expect.stringContaining('terms.html of direct:')])
    expect(await files()).toEqual(['museum/louvre/121146.zip', 'museum/louvre/121146/fine.jpg'])
  })
})
