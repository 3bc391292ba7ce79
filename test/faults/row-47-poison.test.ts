import { readFileSync, readdirSync } from 'node:fs'
import { expect, test, describe } from 'vitest'
import { start } from '../e2e/program.ts'
import { HAVE_SUITES, hangCases, suiteFiles, WHY_SKIPPED } from '../verify/access.ts'
import { fillWithPictures, pictureOf } from './support/gallery.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

/** Formats that the decoder of the checker does not read; the program tells them by structure alone, too. */
const OPAQUE = ['.bmp', '.ico', '.cur', '.psd', '.jp2', '.jls', '.jxl', '.jxr', '.raf', '.tif']
/** 65,536 × 65,536 pixels: sound, and larger than anybody decodes. */
const HUGE = '65536-uint32-limit.png'

/** Processes that decode for the process of this id. */
function decodersOf(parent: number | undefined): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, 'latin1').split(') ')[1]?.split(' ')[1]
        return Number(stat) === parent && readFileSync(`/proc/${id}/cmdline`, 'latin1').includes('decoder-process')
      } catch {
        return false
      }
    })
    .map(Number)
}

describe.skipIf(!HAVE_SUITES)(`corrupt and hanging pictures${WHY_SKIPPED}`, () => {
  test(
    'row 47: as items of a gallery: each one ends for itself, what is kept decodes to its last pixel',
    { timeout: 120_000 },
    async () => {
      const scene = await Scene.open()
      const files = ['pillow-corrupt', 'go-image', 'skimage', 'sharp', 'file-type'].flatMap((name) =>
        suiteFiles(`images/${name}`).filter((file) => !file.name.endsWith('.xml')),
      )
      const huge = files.findIndex(({ name }) => name.endsWith(HUGE))
      const items = [
        ...files.map(({ name, path }) => ({ bytes: readFileSync(path), extension: name.split('.').at(-1) ?? '' })),
        ...hangCases().map(({ bytes, ext }) => ({ bytes, extension: ext })),
      ]
      const urls = items.map(({ bytes, extension }, at) => {
        const path = `/${at}.${extension}`
        scene.site.on(path, { headers: { 'content-type': `image/${extension}` }, body: scene.hold(path, bytes) })
        return scene.site.url(path)
      })
      const targets = urls.map((url) => `direct:${url}`)
      const ran = await Round.run(scene, [...targets, '--verify', 'decode', '--retries', '0'], {
        opaque: [...OPAQUE, `/${huge}.png`],
      })
      expect([ran.status, ran.problems]).toEqual([3, []])
      const { stored, failed, reasons } = ran.end
      expect(stored + failed).toBe(items.length)
      expect(Object.keys(reasons).toSorted()).toEqual(expect.arrayContaining(['Damaged']))
      expect(
        Object.keys(reasons).filter((code) => !['Damaged', 'Undecodable', 'WrongType', 'Empty', 'Html'].includes(code)),
      ).toEqual([])
      for (const [at] of hangCases().entries()) {
        const path = new URL(urls[files.length + at] ?? '').pathname
        expect([path, ran.of(path)]).toEqual([path, expect.stringMatching(/^(Damaged|Undecodable|WrongType)$/)])
      }
      expect(scene.library.names.length).toBeGreaterThan(40)
    },
  )
})

test('row 47: decoders that die cost no other item, and none that is sound', async () => {
  const scene = await Scene.open()
  await fillWithPictures(scene, 24, 200)
  const killed = new Set<number>()
  // The last one comes when some have died: however fast the run is, it does not end before.
  const { promise: died, resolve: tell } = Promise.withResolvers<void>()
  const { bytes, mime } = await pictureOf(24, 200)
  scene.site.on('/24.jpg', () => died.then(() => ({ headers: { 'content-type': mime }, body: bytes })))
  const { child, finished } = start([
    scene.site.url('/[1-24].jpg'),
    '--verify',
    'decode',
    '-q',
    '--to',
    scene.library.root,
  ])
  const timer = setInterval(() => {
    // All at once, and once: no file meets two deaths.
    if (killed.size > 0) return
    for (const id of decodersOf(child.pid)) {
      killed.add(id)
      process.kill(id, 'SIGKILL')
      tell()
    }
  }, 20)
  const { status, stderr } = await finished
  clearInterval(timer)
  expect([status, stderr]).toEqual([0, ''])
  expect(killed.size).toBeGreaterThan(0)
  expect(await scene.check({ states: { stored: 24 } })).toEqual([])
})
