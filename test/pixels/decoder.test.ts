import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeMedia } from '../../replicas/harness/media.ts'
import { createDecoder } from '../../src/pixels/decoder.ts'
import type { Decoder, DecoderOptions } from '../../src/pixels/decoder.ts'
import { HAVE_SUITES, hangCases, suiteFiles, WHY_SKIPPED } from '../verify/access.ts'

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-pixels-'))
afterAll(() => rmSync(folder, { recursive: true }))

let decoder: Decoder
beforeEach(() => {
  decoder = createDecoder()
})
afterEach(async () => {
  await decoder.close()
  if (decoders().length > 0) throw new Error('a decoding process was left behind')
})

/** Decoding processes of this process, by their ids. */
function decoders(of: number = process.pid): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => read(`/proc/${id}/stat`).split(') ')[1]?.split(' ')[1] === String(of))
    .filter((id) => read(`/proc/${id}/cmdline`).includes('decoder-process'))
    .map(Number)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function place(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function other(options: DecoderOptions): Promise<void> {
  await decoder.close()
  decoder = createDecoder(options)
}

/** Grey all over: a small file. A progressive one is held in memory whole while it is decoded, 6 bytes for a pixel. */
async function grey(side: number): Promise<string> {
  const create = { width: side, height: side, channels: 3, background: '#888' } as const
  return place(`grey-${side}.jpg`, await sharp({ create }).jpeg({ progressive: true }).toBuffer())
}

/** Takes most of a second and of a gigabyte. */
let large: string
let small: string
beforeAll(async () => {
  large = await grey(10_000)
  small = await grey(30)
})

describe('a decoder', () => {
  it('knows size, frames and format of what is whole', async () => {
    const gif = await makeMedia({ format: 'gif', width: 40, height: 30, seed: 1, frames: 3 })
    expect(await decoder.decode(place('a.gif', gif.bytes))).toEqual({
      state: 'sound',
      width: 40,
      height: 30,
      pages: 3,
      format: 'gif',
    })
  })

  it.for(['jpeg', 'png', 'gif', 'webp', 'avif'] as const)('refuses what is cut off: %s', async (format) => {
    const { bytes } = await makeMedia({ format, width: 200, height: 150, seed: 2, grain: 0.7 })
    const cut = place(`cut.${format}`, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
    await expect(decoder.decode(cut)).rejects.toMatchObject({ code: 'Damaged' })
  })

  it('refuses what is broken inside, where the structure is whole', async () => {
    const { bytes } = await makeMedia({ format: 'png', width: 200, height: 150, seed: 2, grain: 0.7 })
    const broken = Buffer.from(bytes)
    broken.fill(0x55, 2000, 2400)
    await expect(decoder.decode(place('broken.png', broken))).rejects.toMatchObject({ code: 'Damaged' })
  })

  it('leaves alone what it has no codec for, and what is larger than its limit', async () => {
    const film = await makeMedia({ format: 'mp4', width: 64, height: 48, seed: 1 })
    expect(await decoder.decode(place('a.mp4', film.bytes))).toMatchObject({ state: 'unchecked' })
    await other({ megapixels: 0.01 })
    const file = await grey(200)
    expect(await decoder.decode(file)).toEqual({ state: 'unchecked', why: 'it has more than 10000 pixels' })
  })

  it('serves more callers than it has processes', async () => {
    await other({ processes: 2 })
    const replies = await Promise.all(Array.from({ length: 12 }, () => decoder.decode(small)))
    expect(replies.every((reply) => reply.state === 'sound')).toBe(true)
    expect(decoders().length).toBeLessThanOrEqual(2)
  })

  it('gives a file up that takes too long, and goes on', async () => {
    // More than a process needs to start on a busy machine: that counts, too.
    await other({ seconds: 8, processes: 1 })
    await decoder.decode(small)
    const [stuck] = decoders()
    process.kill(stuck ?? 0, 'SIGSTOP')
    const start = performance.now()
    await expect(decoder.decode(small)).rejects.toMatchObject({ code: 'Undecodable' })
    expect(performance.now() - start).toBeGreaterThan(7900)
    expect(await decoder.decode(small)).toMatchObject({ state: 'sound', width: 30 })
    expect(decoders()).not.toContain(stuck)
  })

  it('gives a file up that needs too much memory, and goes on', async () => {
    await other({ processes: 1, megabytes: 200 })
    await expect(decoder.decode(large)).rejects.toMatchObject({ code: 'Undecodable' })
    expect(await decoder.decode(small)).toMatchObject({ state: 'sound', width: 30 })
  })

  it('is replaced when it was killed, between two files and in the middle of one', async () => {
    await other({ processes: 1 })
    expect(await decoder.decode(small)).toMatchObject({ state: 'sound' })
    const [first] = decoders()
    process.kill(first ?? 0, 'SIGKILL')
    expect(await decoder.decode(small)).toMatchObject({ state: 'sound' })
    const [second] = decoders()
    expect(second).not.toBe(first)
    const running = decoder.decode(large)
    await setTimeout(50)
    process.kill(second ?? 0, 'SIGKILL')
    expect(await running).toMatchObject({ state: 'sound' })
  })

  it('is not tried a third time on a file that killed two', async () => {
    await other({ processes: 1 })
    const running = decoder.decode(large).catch((error: unknown) => error)
    const seen = new Set<number>()
    while (seen.size < 2) {
      for (const pid of decoders().filter((id) => !seen.has(id))) {
        seen.add(pid)
        process.kill(pid, 'SIGKILL')
      }
      await setTimeout(5)
    }
    expect(await running).toMatchObject({ code: 'Undecodable', message: 'the decoder was killed (SIGKILL)' })
  })

  it('rejects what waits when it is closed', async () => {
    await other({ processes: 1 })
    const outcomes = Promise.allSettled([decoder.decode(large), decoder.decode(large)])
    await decoder.close()
    expect((await outcomes).map((outcome) => outcome.status === 'rejected' && String(outcome.reason))).toEqual([
      'Fault: the decoder was closed',
      'Fault: the decoder was closed',
    ])
  })

  it('ends with the process that started it', async () => {
    const module = resolve(import.meta.dirname, '../../src/pixels/decoder.ts')
    const program = `
      import { createDecoder } from ${JSON.stringify(module)}
      const decoder = createDecoder({ processes: 1 })
      await decoder.decode(${JSON.stringify(small)})
      console.log('ready')
      await decoder.decode(${JSON.stringify(large)})`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(parent.stdout, 'data')
    const [orphan] = decoders(parent.pid)
    expect(orphan).toBeDefined()
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    // However long that takes: one that stays runs into the time limit of the test.
    while (existsSync(`/proc/${orphan}`)) await setTimeout(25)
  })

  it('does not keep a process alive that forgot to close it', async () => {
    const module = resolve(import.meta.dirname, '../../src/pixels/decoder.ts')
    const program = `
      import { createDecoder } from ${JSON.stringify(module)}
      await createDecoder().decode(${JSON.stringify(small)})`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
    expect(await once(parent, 'exit')).toEqual([0, null])
  })
})

describe.skipIf(!HAVE_SUITES)(`decoding of the public suites${WHY_SKIPPED}`, () => {
  /** No picture that everybody shows, by its name. */
  const BROKEN = /truncated|corrupt|invalid-zlib|\.raf$|\.nef$|\.cr3$|\.xml$|\.json$/

  it('finds whole what is valid', { timeout: 120_000 }, async () => {
    const files = ['pillow-valid', 'go-image', 'sharp', 'skimage', 'file-type'].flatMap((name) =>
      suiteFiles(`images/${name}`).filter((file) => !BROKEN.test(file.name)),
    )
    const refused: string[] = []
    for (const { name, path } of files) await decoder.decode(path).catch((error) => refused.push(`${name}: ${error}`))
    expect(files.length).toBeGreaterThan(120)
    expect(refused).toEqual([])
  })

  it('finds broken what only pixels tell, and what is cut off', async () => {
    const names = /invalid-zlib\.png|broken_data_stream\.png|truncated\.(?:jpg|png)|corrupt-header\.jpg|fixture-corrupt/
    const files = suiteFiles('images').filter(({ name }) => names.test(name))
    expect(files.length).toBe(6)
    for (const { path } of files) await expect(decoder.decode(path)).rejects.toMatchObject({ code: 'Damaged' })
  })

  it('survives everything that is corrupt', { timeout: 120_000 }, async () => {
    await other({ processes: 1, seconds: 10 })
    const codes = new Set<string>()
    for (const { path } of suiteFiles('images/pillow-corrupt')) {
      await decoder.decode(path).catch((error: { code: string }) => codes.add(error.code))
    }
    expect([...codes]).toEqual(['Damaged'])
    expect(decoders().length).toBe(1)
  })

  it.for(hangCases())('comes back from: $name', async ({ ext, bytes }) => {
    const file = place(`hang.${ext}`, bytes)
    const start = performance.now()
    const outcome = await decoder.decode(file).catch((error: { code: string }) => ({ state: error.code }))
    expect(['Damaged', 'unchecked']).toContain(outcome.state)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
