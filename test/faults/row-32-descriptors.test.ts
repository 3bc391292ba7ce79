import { expect, test } from 'vitest'
import { fillWithPictures } from './support/gallery.ts'
import { NO_LIMITS, NO_STRACE, failed, failing } from './support/machine.ts'
import { Scene } from './support/scene.ts'

test('row 32: with 64 descriptors and 200 files every one comes', async ({ skip }) => {
  skip(NO_LIMITS !== '', NO_LIMITS)
  const scene = await Scene.open()
  await fillWithPictures(scene, 200)
  const ran = await scene.run([scene.site.url('/[1-200].jpg'), '-q'], { through: ['prlimit', '--nofile=64'] })
  expect(ran).toMatchObject({ status: 0, stderr: '' })
  expect(await scene.check({ states: { stored: 200 } })).toEqual([])
})

test.for(['EMFILE', 'ENFILE'])(
  'row 32: %s at some connections and files: they are made later',
  async (code, { skip }) => {
    skip(NO_STRACE !== '', NO_STRACE)
    const scene = await Scene.open()
    await fillWithPictures(scene, 40)
    // Links stand for files: by then all modules are loaded, and what opens is the store.
    const calls = { socket: `error=${code}:when=2..5`, 'link,linkat': `error=${code}:when=3..6` }
    const ran = await scene.run([scene.site.url('/[1-40].jpg'), '-q', '-j', '8'], failing(scene.library, calls))
    expect(failed(scene.library)).toBeGreaterThan(4)
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(await scene.check({ states: { stored: 40 } })).toEqual([])
  },
)
