import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { StartOptions } from '../e2e/program.ts'
import { MAIN } from '../program.ts'
import { fillWithPictures } from './support/gallery.ts'
import { NO_MOUNT, onOwnDisk } from './support/machine.ts'
import { Scene } from './support/scene.ts'

const FILES = 60
/** `nobody` of Debian. */
const NOBODY = 65_534
const AS_NOBODY = ['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups']

async function sceneOf(files: number): Promise<{ readonly scene: Scene; readonly target: string }> {
  const scene = await Scene.open()
  await fillWithPictures(scene, files)
  return { scene, target: scene.site.url(`/[1-${files}].jpg`) }
}

/** Whoever runs the tests, if permissions hold for them; else somebody for whom they do. */
function asSomebody(): StartOptions {
  return process.getuid?.() === 0 ? { through: AS_NOBODY } : {}
}

test('row 33: a read-only disk: 5 with the path, before anything is asked for', async ({ skip }) => {
  skip(NO_MOUNT !== '', NO_MOUNT)
  const { scene, target } = await sceneOf(3)
  const { root } = scene.library
  const { stdout, stderr } = await onOwnDisk(scene.library, 'size=8m', [
    `PROGRAM '${target}'`,
    `mount -o remount,ro '${root}'`,
    `PROGRAM '${scene.site.url('/[1-5].jpg')}'`,
    `'${process.execPath}' '${MAIN}' find --print path --to '${root}'`,
  ])
  const [first, second, ...found] = stdout.trim().split('\n')
  expect([first, second, found.length], 'what is there can be looked at all the same').toEqual([
    'status 0',
    'status 5',
    3,
  ])
  expect(stderr).toContain(root)
  expect(stderr).toMatch(/read-only/)
  expect(scene.site.log).toHaveLength(3)
  expect(await scene.check({ states: { stored: 3 } })).toEqual([])
})

test('row 33: a disk becomes read-only during the run: 5, and the rest comes when it can be written again', async ({
  skip,
}) => {
  skip(NO_MOUNT !== '', NO_MOUNT)
  const { scene, target } = await sceneOf(FILES)
  scene.site.latency = 20
  const { root } = scene.library
  const { stdout } = await onOwnDisk(scene.library, 'size=32m', [
    // Tried until it succeeds: a file that is open for writing keeps a disk from becoming read-only.
    `(while [ "$(ls '${root}/127.0.0.1' 2>/dev/null | wc -l)" -lt 10 ]; do sleep 0.02; done; mount -o remount,ro '${root}' || true) &`,
    `PROGRAM '${target}' -j 2`,
    `wait; mount -o remount,rw '${root}'`,
    'PROGRAM resume',
  ])
  expect(['status 5\nstatus 0\n', 'status 0\nstatus 0\n']).toContain(stdout)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})

test('row 33: a library of somebody else: 5 with the path, before anything is asked for; it can be looked at', async ({
  skip,
}) => {
  const reason = process.getuid?.() === 0 && spawnSync('setpriv', ['--help']).status !== 0 ? 'setpriv is missing' : ''
  skip(reason !== '', reason)
  const { scene, target } = await sceneOf(4)
  expect((await scene.run([target, '-q'])).status).toBe(0)
  const { root } = scene.library
  chmodSync(dirname(root), 0o755)
  for (const folder of [root, join(root, '.bowerbird'), join(root, '.bowerbird/parts')]) chmodSync(folder, 0o555)
  for (const name of readdirSync(join(root, '.bowerbird'))) chmodSync(join(root, '.bowerbird', name), 0o555)
  const refused = await scene.run([scene.site.url('/[1-8].jpg'), '-q'], asSomebody())
  expect([refused.status, refused.stderr.includes(root), /permission|owns/.test(refused.stderr)]).toEqual([
    5,
    true,
    true,
  ])
  expect(scene.site.log).toHaveLength(4)
  const found = await scene.run(['find', '--print', 'path'], asSomebody())
  expect([found.status, found.stdout.trim().split('\n').length], found.stderr).toEqual([0, 4])
  for (const folder of [root, join(root, '.bowerbird'), join(root, '.bowerbird/parts')]) chmodSync(folder, 0o755)
  expect(await scene.check({ states: { stored: 4 } })).toEqual([])
})
