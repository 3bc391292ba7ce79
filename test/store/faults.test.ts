import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDiskStore } from '../../src/adapters/store/disk/store.ts'
import { receive, picture, specFor } from './pictures.ts'
import { INSPECT, finalFiles, partFiles, temporaryFolder } from './support.ts'

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))
const SIZE = 60_000

/** Why a kind of fault cannot be provoked here; empty when it can. */
const NO_MOUNT = works('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']) ? '' : 'mounting needs root'
const NO_STRACE = works('strace', ['-o', '/dev/null', 'true']) ? '' : 'strace is missing or not allowed here'
const NO_PRLIMIT = works('sh', ['-c', 'ulimit -n 64']) ? '' : 'no ulimit'

interface Line {
  readonly word: string
  readonly rest: readonly string[]
}

let base: string
let root: string

beforeEach(() => {
  base = temporaryFolder()
  root = join(base, 'library')
})

afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0
}

/** The command line of the child, quoted for a shell. */
function child(job: 'publish' | 'check', work: object): string {
  return [process.execPath, CHILD, job, root, JSON.stringify(work)].map((word) => `'${word}'`).join(' ')
}

/** Runs a script and reads the children's lines. */
function run(script: string): readonly Line[] {
  const { stdout, stderr, signal } = spawnSync('sh', ['-c', script], { encoding: 'utf8', timeout: 60_000 })
  expect(`${stderr}${signal ?? ''}`.replace(/^.*ExperimentalWarning.*$/gm, '').trim()).toBe('')
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .map(([word = '', ...rest]) => ({ word, rest }))
}

function count(lines: readonly Line[]): Record<string, number> {
  const groups = Map.groupBy(lines, ({ word }) => word)
  return Object.fromEntries([...groups].map(([word, found]) => [word, found.length]))
}

function faultsOf(lines: readonly Line[]): readonly string[] {
  return [...new Set(lines.filter(({ word }) => word === 'fault').map(({ rest }) => rest[1] ?? ''))]
}

const work = { count: 40, size: SIZE, atOnce: 8, fsync: true }

describe.skipIf(NO_MOUNT !== '')(`a file system of its own [${NO_MOUNT || 'mounted'}]`, () => {
  /** A script with a small file system under the library that only it sees. */
  function mounted(options: string, ...steps: readonly string[]): readonly Line[] {
    mkdirSync(root)
    const mount = `mount -t tmpfs -o ${options} tmpfs '${root}'`
    return run(`unshare -m sh -e -c "$(cat <<'END'\n${[mount, ...steps].join('\n')}\nEND\n)"`)
  }

  test('that is full ends with DiskFull and nothing half, and goes on when there is room', () => {
    const lines = mounted(
      'size=2m',
      `head -c 1000000 /dev/zero > '${root}/filler'`,
      child('publish', work),
      `rm '${root}/filler'; mount -o remount,size=8m '${root}'; echo again`,
      child('check', work),
      child('publish', work),
      child('check', work),
    )
    const again = lines.findIndex(({ word }) => word === 'again')
    const [before, after] = [lines.slice(0, again), lines.slice(again)]
    expect(faultsOf(before)).toEqual(['DiskFull'])
    expect(count(before)['published']).toBeGreaterThan(5)
    expect(count(after)).toMatchObject({ published: 40, whole: 40 + (count(before)['published'] ?? 0) })
    expect(count(after)).not.toHaveProperty('broken')
    expect(count(after)).not.toHaveProperty('part')
    expect(lines.find(({ word }) => word === 'fault')?.rest[2]).toMatch(/no room is left on the disk/)
  })

  test('that has no inode left ends with DiskFull', () => {
    const lines = mounted('size=8m,nr_inodes=20', child('publish', work), child('check', work))
    expect(faultsOf(lines)).toEqual(['DiskFull'])
    expect(count(lines)).not.toHaveProperty('broken')
    expect(count(lines)).not.toHaveProperty('part')
  })

  test('that is smaller than what is promised takes no byte', () => {
    const promised = 50_000_000
    const lines = mounted('size=8m', child('publish', { ...work, promised }), child('check', work))
    expect(count(lines)).toEqual({ open: 1, fault: 40, closed: 1 })
    expect(faultsOf(lines)).toEqual(['DiskFull'])
  })

  test('that is read-only is refused at the start', () => {
    const lines = mounted(
      'size=8m',
      child('publish', { ...work, count: 1 }),
      `mount -o remount,ro '${root}'`,
      child('publish', work),
    )
    expect(lines.at(-1)).toMatchObject({ word: 'fault', rest: ['store', 'DiskRefused', expect.stringContaining(root)] })
    expect(lines.at(-1)?.rest[2]).toContain('read-only')
  })

  test('below the library takes files that cannot be linked there', () => {
    const lines = mounted(
      'size=8m',
      `mkdir '${root}/site'; mount -t tmpfs -o size=8m tmpfs '${root}/site'`,
      child('publish', work),
      child('publish', work),
      child('check', work),
    )
    expect(count(lines)).toEqual({ open: 2, published: 80, closed: 2, whole: 40 })
  })
})

describe.skipIf(NO_STRACE !== '')(`system calls that fail [${NO_STRACE || 'by strace'}]`, () => {
  function injected(calls: string, fault: string, script: string): readonly Line[] {
    return run(`strace -f -qq -o '${base}/trace' -e trace=${calls} -e inject=${calls}:${fault} ${script}`)
  }

  test('link: the name is taken by a placeholder, then renamed over', () => {
    const lines = injected('link,linkat', 'error=EPERM', child('publish', work))
    expect(count(lines)).toEqual({ open: 1, published: 40, closed: 1 })
    expect(count(run(child('check', work)))).toEqual({ whole: 40 })
  })

  /** strace counts for each thread of the pool. */
  test('fdatasync: the bytes are not trusted, the part goes', () => {
    const lines = injected('fdatasync', 'error=EIO:when=3', child('publish', work))
    const { published = 0, fault = 0 } = count(lines)
    expect(faultsOf(lines)).toEqual(['DiskFault'])
    expect(published + fault).toBe(40)
    expect(count(run(child('check', work)))).toEqual({ whole: published })
  })

  test('fsync of a folder: its new names are taken back', () => {
    const lines = injected('fsync', 'error=EIO:when=2+', child('publish', { ...work, atOnce: 1, count: 5 }))
    expect(faultsOf(lines)).toEqual(['DiskFault'])
    const published = count(lines)['published'] ?? 0
    expect(count(run(child('check', work)))).toEqual(published === 0 ? {} : { whole: published })
  })

  test('rename, held for a moment by another program', () => {
    const [links, renames] = [
      '-e inject=link,linkat:error=EPERM',
      '-e inject=rename,renameat,renameat2:error=EBUSY:when=1..2',
    ]
    const script = child('publish', { ...work, count: 4, atOnce: 1 })
    const lines = run(
      `strace -f -qq -o '${base}/trace' -e trace=link,linkat,rename,renameat,renameat2 ${links} ${renames} ${script}`,
    )
    expect(count(lines)).toEqual({ open: 1, published: 4, closed: 1 })
    expect(count(run(child('check', work)))).toEqual({ whole: 4 })
  })

  test('a full disk in the middle of a write', () => {
    const lines = injected('pwrite64', 'error=ENOSPC:when=5..6', child('publish', work))
    expect(count(lines)).toEqual({ open: 1, published: 38, fault: 2, closed: 1 })
    expect(faultsOf(lines)).toEqual(['DiskFull'])
    expect(count(run(child('check', work)))).toEqual({ whole: 38 })
  })

  test('a disk that fails in everything from some moment on', () => {
    const writes = '-e inject=pwrite64:error=EIO:when=20+'
    const rest = '-e inject=unlink,unlinkat,link,linkat:error=EROFS:when=20+'
    const calls = '-e trace=pwrite64,unlink,unlinkat,link,linkat'
    const lines = run(`strace -f -qq -o '${base}/trace' ${calls} ${writes} ${rest} ${child('publish', work)}`)
    expect(lines.at(-1)?.word).toBe('closed')
    expect(faultsOf(lines).toSorted()).toEqual(['DiskFault', 'DiskRefused'])
    expect(count(run(child('check', work)))).not.toHaveProperty('broken')
  })

  test.each([
    [true, 40],
    [false, 0],
  ])('are made for durability (fsync: %s): %i files forced to the disk', (fsync, forced) => {
    const script = child('publish', { ...work, fsync })
    const lines = run(
      `strace -f -qq -o '${base}/trace' -e trace=fdatasync ${script} && grep -c 'fdatasync(.*' '${base}/trace' || true`,
    )
    expect(Number(lines.at(-1)?.word)).toBe(forced)
  })
})

describe('limits', () => {
  test.skipIf(NO_PRLIMIT !== '')(`few descriptors are enough for many files [${NO_PRLIMIT || 'ulimit'}]`, () => {
    const many = { count: 300, size: 300_000, atOnce: 100, inTurns: true }
    for (const fsync of [false, true]) {
      const lines = run(`ulimit -n 64; ${child('publish', { ...many, fsync })}`)
      expect(count(lines)).toEqual({ open: 1, published: 300, closed: 1 })
      expect(count(run(child('check', many)))).toEqual({ whole: 300 })
    }
  })

  test('a folder that others own is refused at the start, with its path', () => {
    mkdirSync(join(root, '.bowerbird/parts'), { recursive: true })
    chmodSync(base, 0o755)
    chmodSync(root, 0o555)
    const drop = process.getuid?.() === 0 ? 'setpriv --reuid 65534 --regid 65534 --clear-groups ' : ''
    const lines = run(`${drop}${child('publish', work)}`)
    expect(lines).toMatchObject([{ word: 'fault', rest: ['store', 'DiskRefused', expect.stringContaining(root)] }])
  })
})

describe('a process that is killed', () => {
  /** The files that a run says it has published before it is killed. */
  function publishedBefore(script: object): readonly string[] {
    const args = [CHILD, 'publish', root, JSON.stringify(script)]
    const { stdout, signal } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })
    expect(signal).toBe('SIGKILL')
    return stdout.split('\n').flatMap((line) => /^published\t.*\t(.*)$/.exec(line)?.[1] ?? [])
  }

  test.each([
    [1, false],
    [150, false],
    [150, true],
  ])(
    'after %i files (fsync: %s) leaves no file that is not whole, and what it left is taken up',
    (published, fsync) => {
      const paths = publishedBefore({ count: 1000, size: SIZE, atOnce: 24, fsync, killedAfter: published })
      expect(paths).toHaveLength(published)
      const before = run(child('check', { size: SIZE }))
      expect(count(before)).not.toHaveProperty('broken')
      expect(before.filter(({ word }) => word === 'whole').map(({ rest }) => rest[1])).toEqual(
        expect.arrayContaining([...paths]),
      )
      const after = run(child('publish', { count: 1000, size: SIZE, atOnce: 24, fsync: false }))
      expect(faultsOf(after)).toEqual([])
      expect(count(run(child('check', { size: SIZE })))).toEqual({ whole: 1000 })
    },
  )
})

test('published files that were not recorded keep their parts when the store is closed, others do not', async () => {
  const store = await openDiskStore({ root, fsync: false, inspectModule: INSPECT })
  await store.publish(specFor('a:1', await receive(store, 'a:1', picture(SIZE))))
  await receive(store, 'a:2', picture(SIZE))
  await store.close()
  expect(finalFiles(root)).toEqual(['site/author/a-1.jpg'])
  expect(partFiles(root)).toHaveLength(1)
})
