import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process runs something, so that another can tell whether it still lives. */
export interface Owner {
  /** Machine: host name and, where there is one, its machine id. */
  readonly host: string
  /** Boot of the machine: no process survives it. Empty where it cannot be told. */
  readonly boot: string
  /** Name space of process ids: the same number means another process in another container. */
  readonly namespace: string
  readonly pid: number
  /** When the process began, in clock ticks since boot: a process id is used again. Empty where it cannot be told. */
  readonly birth: string
}

/** Milliseconds without a heartbeat after which a process that cannot be looked at counts as dead. */
export const SILENT_MS = 5 * 60_000

export function thisProcess(): Owner {
  return {
    host: [hostname(), read('/etc/machine-id')].filter((part) => part !== '').join('/'),
    boot: read('/proc/sys/kernel/random/boot_id'),
    namespace: readLink('/proc/self/ns/pid'),
    pid: process.pid,
    birth: birthOf(process.pid) ?? '',
  }
}

/**
 * Whether the owner is proven dead: its machine was booted since, its process id is gone or belongs to a later
 * process. Where that cannot be looked at (another machine or container) silence is the proof.
 */
export function isDead(owner: Owner, heartbeat: number, self: Owner, now: number): boolean {
  const silent = now - heartbeat > SILENT_MS
  if (owner.host !== self.host) return silent
  if (owner.boot !== self.boot) return true
  if (owner.namespace !== self.namespace) return silent
  if (!isRunning(owner.pid)) return true
  const birth = birthOf(owner.pid)
  if (owner.birth === '' || birth === undefined) return silent
  return birth !== owner.birth
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/** Field 22 of /proc/PID/stat (Linux); the second field, the name, may hold spaces and parentheses. A zombie is dead. */
function birthOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  return state === 'Z' || state === 'X' ? 'dead' : fields[19]
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
