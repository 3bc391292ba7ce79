import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second (USER_HZ) on every machine. */
const TICK = 0.01

export interface Process {
  readonly pid: number
  readonly parent: number
  readonly session: number
  /** Seconds of this process, without its children. */
  readonly cpu: number
}

/** Reads one line of /proc/PID/stat; the name in it may hold blanks and brackets. */
export function readStat(line: string): Process {
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [, parent = 0, , session = 0, , , , , , , , user = 0, system = 0] = fields
  return { pid: Number.parseInt(line, 10), parent, session, cpu: (user + system) * TICK }
}

/** All processes there are; one that ends while it is read is left out. */
export function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    const line = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : undefined
    return line === undefined ? [] : [readStat(line)]
  })
}

/** CPU seconds of some processes so far. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const line = read(`/proc/${pid}/stat`)
    return line === undefined ? sum : sum + readStat(line).cpu
  }, 0)
}

let page: number | undefined

/**
 * Bytes of memory that the processes of a session hold together. Pages of files and shared memory are counted once,
 * those of the process that has most of them: a hundred copies of one program share its code.
 */
export function memoryOfSession(session: number): number {
  page ??= Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }))
  let own = 0
  let shared = 0
  for (const { pid } of processes().filter((each) => each.session === session)) {
    const [, resident = 0, common = 0] = (read(`/proc/${pid}/statm`) ?? '').split(' ').map(Number)
    own += resident - common
    shared = Math.max(shared, common)
  }
  return (own + shared) * page
}

/** CPU seconds of the whole machine since it started. */
export function busySeconds(): number {
  return readBusy(read('/proc/stat') ?? '')
}

/** user, nice, system, idle, iowait, irq, softirq, steal: all but idle and iowait. */
export function readBusy(text: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0, steal = 0] = (/^cpu +(.*)$/m.exec(text)?.[1] ?? '')
    .split(' ')
    .map(Number)
  return (user + nice + system + irq + soft + steal) * TICK
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
