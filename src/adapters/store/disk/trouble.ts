import { constants } from 'node:os'
import { Fault } from '../../../core/errors.ts'
import type { FaultCode } from '../../../core/errors.ts'

interface Trouble {
  readonly code: FaultCode
  readonly why: string
  readonly advice: string
}

const FULL = 'free some room there, then run `bowerbird resume`'
const REFUSED = 'check who owns the library and whether it may be written, or name another one with --to'
const BROKEN = 'check the disk and its cable or network, then run `bowerbird resume`'
const RENAME = 'choose shorter or plainer names with --folder and --name'

/** What an error number of the operating system means for a library. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  ENOSPC: { code: 'DiskFull', why: 'no room is left on the disk', advice: FULL },
  EDQUOT: { code: 'DiskFull', why: 'the disk quota is used up', advice: FULL },
  EFBIG: {
    code: 'TooLarge',
    why: 'files cannot become this large here',
    advice: 'use another file system or raise `ulimit -f`',
  },
  EACCES: { code: 'DiskRefused', why: 'permission is denied', advice: REFUSED },
  EPERM: { code: 'DiskRefused', why: 'the system does not allow it', advice: REFUSED },
  EROFS: { code: 'DiskRefused', why: 'the file system is read-only', advice: REFUSED },
  ENOTDIR: { code: 'DiskRefused', why: 'a file stands where a folder is needed', advice: 'move that file away' },
  EISDIR: { code: 'DiskRefused', why: 'a folder stands there', advice: 'move that folder away' },
  ELOOP: { code: 'DiskRefused', why: 'a symbolic link stands there', advice: 'remove the link' },
  EMFILE: { code: 'DiskRefused', why: 'too many files are open', advice: 'raise `ulimit -n` or lower --jobs' },
  ENFILE: {
    code: 'DiskRefused',
    why: 'too many files are open on this machine',
    advice: 'raise the limit or lower --jobs',
  },
  ENAMETOOLONG: { code: 'NameRefused', why: 'the name is too long for this file system', advice: RENAME },
  EILSEQ: { code: 'NameRefused', why: 'this file system cannot keep the name', advice: RENAME },
  EIO: { code: 'DiskFault', why: 'the disk reported an input or output error', advice: BROKEN },
  ESTALE: { code: 'DiskFault', why: 'the network folder is gone', advice: BROKEN },
}

/** Calls whose EINVAL means characters in the name that the file system (vfat, exFAT, SMB) does not know. */
const NAMING_CALLS = new Set(['open', 'mkdir', 'link', 'rename'])

/** Error numbers that Node gives no name (its code is `Unknown system error -122`), although the machine has them. */
const NAMELESS: ReadonlyMap<unknown, string> = new Map(
  (['EDQUOT', 'ESTALE'] as const).map((name) => [-constants.errno[name], name]),
)

/** The error number of a system call as a name (`ENOSPC`); empty for other errors. */
export function errorCode(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  return ('errno' in thrown ? NAMELESS.get(thrown.errno) : undefined) ?? code
}

/** What a person is told about an error of the file system. A `Fault` stays as it is. */
export function diskFault(thrown: unknown, doing: string, path: string): Fault {
  if (thrown instanceof Fault) return thrown
  const trouble = TROUBLES[badName(thrown) ? 'EILSEQ' : errorCode(thrown)]
  if (trouble === undefined) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    return new Fault('DiskFault', `cannot ${doing} ${path}: ${why}`, { cause: thrown, advice: BROKEN })
  }
  return new Fault(trouble.code, `cannot ${doing} ${path}: ${trouble.why}`, { cause: thrown, advice: trouble.advice })
}

function badName(thrown: unknown): boolean {
  return errorCode(thrown) === 'EINVAL' && NAMING_CALLS.has(syscallOf(thrown))
}

function syscallOf(thrown: unknown): string {
  return thrown instanceof Error && 'syscall' in thrown && typeof thrown.syscall === 'string' ? thrown.syscall : ''
}
