import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { start } from '../e2e/program.ts'
import { jpeg } from '../engine/pictures.ts'
import { Scene } from './support/scene.ts'

const MIB = 1024 ** 2
const BOMB_BYTES = 128 * MIB
/** What the bombs may add to the memory of the same run without them; decoded each is more than twice as much. */
const MOST_GROWTH = 48 * MIB

const zeros = Buffer.alloc(BOMB_BYTES)
const gzip = gzipSync(zeros, { level: 1 })
const brotli = brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
const page = Buffer.from('<p>x</p>'.repeat(500))

/** Encoded bodies: name → encoding, bytes, and the code of the failure. */
const BODIES: Readonly<Record<string, readonly [string, Buffer, string]>> = {
  'gzip-bomb': ['gzip', gzip, 'TooLarge'],
  'brotli-bomb': ['br', brotli, 'TooLarge'],
  'zstd-bomb': ['zstd', zstdCompressSync(zeros), 'TooLarge'],
  'bomb-in-a-bomb': ['gzip, gzip', gzipSync(gzip), 'TooLarge'],
  'three-encodings': ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(page))), 'BadResponse'],
  'thousand-encodings': [Array.from({ length: 1000 }, () => 'gzip').join(','), page, 'BadResponse'],
  'unknown-encoding': ['sdch', page, 'BadResponse'],
  'broken-gzip': ['gzip', Buffer.from('this is no gzip'), 'BadResponse'],
  'half-a-gzip': ['gzip', gzipSync(jpeg('half')).subarray(0, 60), 'Truncated'],
}

/** Runs the program; with its peak of resident memory, bytes. */
async function measured(
  scene: Scene,
  urls: readonly string[],
): Promise<{ readonly stdout: string; readonly peak: number }> {
  const { child, finished } = start([...urls, '--json', '--retries', '0', '--to', scene.library.root])
  let peak = 0
  const timer = setInterval(() => {
    try {
      const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      peak = Math.max(peak, Number(kib ?? 0) * 1024)
    } catch {
      // It has ended.
    }
  }, 10)
  const { stdout } = await finished
  clearInterval(timer)
  return { stdout, peak }
}

test('row 21: compression bombs, chains of encodings and broken ones are stopped while they come; memory stays flat', async () => {
  const scene = await Scene.open()
  const body = jpeg('sound', 50_000)
  scene.site.on('/sound*', ({ path }) => ({
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(scene.hold(path, body)),
  }))
  for (const [name, [encoding, bytes]] of Object.entries(BODIES))
    scene.site.on(`/${name}.jpg`, {
      headers: { 'content-type': 'image/jpeg', 'content-encoding': encoding },
      body: bytes,
    })
  const names = Object.keys(BODIES)
  const calm = await measured(
    scene,
    names.map((_, at) => scene.site.url(`/sound-${at}.jpg`)),
  )
  const ran = await measured(
    scene,
    names.map((name) => scene.site.url(`/${name}.jpg`)),
  )
  const codes = ran.stdout.split('\n').flatMap((line) => {
    const { event, url, code } = JSON.parse(line === '' ? '{}' : line) as Readonly<Record<string, string>>
    return event === 'failed' ? [[new URL(url ?? '').pathname.slice(1, -4), code]] : []
  })
  expect(Object.fromEntries(codes)).toEqual(Object.fromEntries(names.map((name) => [name, BODIES[name]?.[2]])))
  expect(calm.peak).toBeGreaterThan(0)
  expect(ran.peak - calm.peak).toBeLessThan(MOST_GROWTH)
  expect(scene.site.log.map(({ headers }) => headers['accept-encoding'])).not.toContain('gzip')
  expect(await scene.check({ states: { stored: names.length, failed: names.length } })).toEqual([])
})
