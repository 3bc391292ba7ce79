import { randomUUID } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { diskFault } from '../../adapters/store/disk/trouble.ts'
import { ok, problem, warning } from './check.ts'
import type { Check } from './check.ts'

/** `f_type` of statfs(2), https://man7.org/linux/man-pages/man2/statfs.2.html; other systems number otherwise. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'XFS',
  0x9123683e: 'Btrfs',
  0x2fc12fc1: 'ZFS',
  0xca451a4e: 'bcachefs',
  0xf2f52010: 'F2FS',
  0x01021994: 'tmpfs (memory)',
  0x794c7630: 'overlay',
  0x65735546: 'FUSE',
  0x4d44: 'FAT',
  0x2011bab0: 'exFAT',
  0x5346544e: 'NTFS',
  0x7366746e: 'NTFS',
  0x6969: 'NFS',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB',
  0x01021997: '9p',
}

/** SQLite's log needs memory that all processes share: one machine's. */
const OF_A_NETWORK = new Set(['NFS', 'CIFS', 'SMB', '9p'])

const LITTLE_BYTES = 2 ** 30
const LEAST_BYTES = 64 * 2 ** 20

/** The folder of a library: whether it can be written, what its file system can do, and how much room there is. */
export function* checkDisk(root: string): Generator<Check> {
  const place = existing(root)
  const isThere = place === root
  yield isThere
    ? ok('library', `${root} is there`)
    : ok('library', `nothing was collected into ${root} yet; it would be made in ${place}`)
  yield checkSystem(place)
  yield checkRoom(place)
  try {
    accessSync(place, constants.W_OK | constants.X_OK)
    const own = join(root, '.bowerbird')
    // A folder that is no library yet stays as it is.
    if (existsSync(own)) yield* probe(own)
  } catch (thrown) {
    yield problem('writable', diskFault(thrown, 'write to', place))
  }
}

/** The folder, or the nearest one above it that is there. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path))
}

function checkSystem(place: string): Check {
  const name = FILE_SYSTEMS[statfsSync(place).type] ?? 'an unknown kind'
  if (!OF_A_NETWORK.has(name)) return ok('file system', name)
  return warning(
    'file system',
    `${name}: the catalog must not lie on a network`,
    'keep it on a disk of this machine: --catalog FILE',
  )
}

function checkRoom(place: string): Check {
  const { bavail, blocks, bsize } = statfsSync(place)
  if (blocks === 0) return ok('room', 'the file system does not tell')
  const free = bavail * bsize
  const message = `${(free / 2 ** 30).toFixed(1)} GiB are free`
  if (free >= LITTLE_BYTES) return ok('room', message)
  const advice = 'make room, or name a library on another disk with --to'
  return free < LEAST_BYTES ? problem('room', { message, evidence: { advice } }) : warning('room', message, advice)
}

/** Does once what every stored file needs, with a small file that the next run clears away should nobody come to it here. */
function* probe(own: string): Generator<Check> {
  const folder = join(own, 'parts')
  mkdirSync(folder, { recursive: true })
  const name = `doctor-${randomUUID()}.tmp`
  const file = join(folder, name)
  try {
    const begun = performance.now()
    write(file)
    yield ok('writable', `a file is on the disk after ${Math.max(1, Math.round(performance.now() - begun))} ms`)
    yield links(file, `${file}.new`)
    yield existsSync(join(folder, name.toUpperCase()))
      ? ok('names', 'upper and lower case are one: names that differ in case alone get a mark, as everywhere')
      : ok('names', 'upper and lower case are two')
  } finally {
    for (const path of [file, `${file}.new`]) rmSync(path, { force: true })
  }
}

function write(file: string): void {
  const descriptor = openSync(file, 'wx')
  try {
    writeSync(descriptor, 'bowerbird doctor\n')
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function links(file: string, second: string): Check {
  try {
    linkSync(file, second)
    if (statSync(second).nlink === 2) return ok('hard links', 'work')
  } catch {
    // Told below.
  }
  return ok('hard links', 'there are none here: files get their names by renaming')
}
