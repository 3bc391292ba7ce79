import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Library } from '../engine/library.ts'
import { jpeg, picture, sha256 } from '../engine/pictures.ts'
import { Site } from '../engine/site.ts'
import { MAIN, run, runCommand, start } from './program.ts'
import type { Finished } from './program.ts'

/** Why a kind of fault cannot be provoked here; empty when it can. */
const NO_MOUNT = works('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']) ? '' : 'mounting needs root'
const NO_PRLIMIT = works('prlimit', ['--nofile=64', 'true']) ? '' : 'prlimit is missing'
const FILES = 200
const SIZE = 20_000

let site: Site
let library: Library

beforeEach(async () => {
  site = await Site.open()
  site.on('/*', ({ path }) => picture(path, SIZE))
  library = new Library()
})

afterEach(async () => {
  library.remove()
  await site.close()
})

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0
}

function target(): string {
  return site.url(`/[1-${FILES}].jpg`)
}

/** The library's files are whole ones of the site. */
function expectWhole(): void {
  for (const [name, hash] of Object.entries(library.files()))
    expect(hash, name).toBe(sha256(jpeg(`/${name.replace(/^.*\//, '')}`, SIZE)))
}

/** Runs steps of a shell in a file system of their own under the library; `PROGRAM` is the program. Ends with a copy. */
function mounted(options: string, steps: readonly string[]): Promise<Finished> {
  mkdirSync(library.root)
  const program = `PROGRAM() { '${process.execPath}' '${MAIN}' "$@" --to '${library.root}' -q; echo "status $?"; }`
  const save = `cp -a '${library.root}' '${library.beside('copy')}'; umount '${library.root}'; cp -a '${library.beside('copy')}/.' '${library.root}'`
  const mount = `mount -t tmpfs -o ${options} tmpfs '${library.root}'`
  return runCommand(['unshare', '-m', 'sh', '-c', [program, mount, ...steps, save].join('\n')])
}

describe.skipIf(NO_MOUNT !== '')(`a disk [${NO_MOUNT || 'mounted'}]`, () => {
  test('that is full ends the run with 5 and one message; nothing is half; resume goes on when there is room', async () => {
    const { stdout, stderr } = await mounted('size=3m', [
      `PROGRAM '${target()}'`,
      `cp -a '${library.root}' '${library.beside('full')}'`,
      `mount -o remount,size=32m '${library.root}'`,
      'PROGRAM resume',
    ])
    expect(stdout).toBe('status 5\nstatus 0\n')
    expect(stderr.match(/no room/g)).toHaveLength(1)
    expect(stderr).toMatch(/bowerbird resume/)
    expectWhole()
    expect(library.states()).toEqual({ stored: FILES })
    expect(library.names).toHaveLength(FILES)
    expect(library.leftovers()).toEqual([])
    const before = new Library()
    cpSync(library.beside('full'), before.root, { recursive: true })
    const stored = before.names.map((name) => `/${name.replace(/^.*\//, '')}`)
    expect(stored.length).toBeGreaterThan(20)
    for (const path of stored)
      expect(
        site.paths().filter((each) => each === path),
        path,
      ).toHaveLength(1)
    before.remove()
  })

  test('that is full in the middle of a catalog of its own loses nothing either', async () => {
    const small = library.beside('small')
    mkdirSync(small)
    const { stdout, stderr } = await mounted('size=32m', [
      `mount -t tmpfs -o size=400k tmpfs '${small}'`,
      `PROGRAM '${target()}' --catalog '${small}/catalog.db'`,
      `mount -o remount,size=8m '${small}'`,
      `PROGRAM '${target()}' --catalog '${small}/catalog.db'`,
    ])
    expect(stdout, stderr).toBe('status 5\nstatus 0\n')
    expect(stderr).toMatch(/no room/)
    expectWhole()
    expect(library.names).toHaveLength(FILES)
    expect(library.leftovers()).toEqual([])
  })

  test('that is read-only: 5 with the path, before anything is asked for', async () => {
    const { stdout, stderr } = await mounted('size=8m', [
      `mount -o remount,ro '${library.root}'`,
      `PROGRAM '${target()}'`,
      `mount -o remount,rw '${library.root}'`,
    ])
    expect(stdout).toBe('status 5\n')
    expect(stderr).toContain(library.root)
    expect(stderr).toMatch(/read-only/)
    expect(site.log).toEqual([])
  })

  test('that becomes read-only in the middle: 5, and the rest is done when it can be written again', async () => {
    const { stdout } = await mounted('size=32m', [
      `(while [ "$(ls '${library.root}/127.0.0.1' 2>/dev/null | wc -l)" -lt 30 ]; do sleep 0.02; done; mount -o remount,ro '${library.root}' || true) &`,
      `PROGRAM '${target()}' --jobs 2`,
      `wait; mount -o remount,rw '${library.root}'`,
      'PROGRAM resume',
    ])
    // A file that is open for writing keeps the disk from becoming read-only: then the run just ends well.
    expect(['status 5\nstatus 0\n', 'status 0\nstatus 0\n']).toContain(stdout)
    expectWhole()
    expect(library.names).toHaveLength(FILES)
  })
})

describe('the folder of the library', () => {
  test.each([
    [
      'removed',
      (): void => {
        // Renamed first: what is written meanwhile would keep a folder from being removed.
        renameSync(library.root, library.beside('moved'))
        rmSync(library.beside('moved'), { recursive: true })
      },
    ],
    ['moved away', (): void => renameSync(library.root, library.beside('moved'))],
    [
      'replaced by a file',
      (): void => {
        renameSync(library.root, library.beside('moved'))
        writeFileSync(library.root, 'mine')
      },
    ],
  ])('%s in the middle of a run: status 5 and a message, no crash, no hang', async (_what, change) => {
    site.latency = 20
    const { finished } = start([target(), '--to', library.root, '-q', '--jobs', '4'])
    let asked = 0
    site.onAsked = () => {
      asked += 1
      if (asked === 40) change()
    }
    const { status, stderr } = await finished
    expect(stderr).toContain(library.root)
    expect(status).toBe(5)
  })

  test('that is a file: 5 before anything is asked for', async () => {
    writeFileSync(library.root, 'mine')
    const { status, stderr } = await run([target(), '--to', library.root])
    expect([status, stderr.includes(library.root), site.log.length]).toEqual([5, true, 0])
  })
})

test.skipIf(NO_PRLIMIT !== '')(
  `with 64 descriptors every file comes all the same [${NO_PRLIMIT || 'limited'}]`,
  async () => {
    const through = ['prlimit', '--nofile=64']
    const { status, stderr } = await run([target(), '--to', library.root, '-q'], { through })
    expect([status, stderr]).toEqual([0, ''])
    expect(library.names).toHaveLength(FILES)
    expect(existsSync(join(library.root, '.bowerbird/catalog.db'))).toBe(true)
  },
)
