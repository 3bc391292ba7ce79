import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second (USER_HZ) on every machine. */
const TICK = 0.01
/** The process that all threads of the kernel descend from. */
const KERNEL_THREADS = 2

export interface Process {
  readonly pid: number
  readonly parent: number
  readonly session: number
  /** Seconds of this process, without its children. */
  readonly cpu: number
  /** Seconds of its children that have ended. */
  readonly endedCpu: number
}

/** Reads one line of /proc/PID/stat; the name in it may hold blanks and brackets. */
export function readStat(line: string): Process {
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [, parent = 0, , session = 0, , , , , , , , user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields
  const pid = Number.parseInt(line, 10)
  return { pid, parent, session, cpu: (user + system) * TICK, endedCpu: (endedUser + endedSystem) * TICK }
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

/** What runs beside the benchmark, at one moment. */
export interface Bystanders {
  /** CPU seconds by process, children that have ended included. */
  readonly cpu: ReadonlyMap<number, number>
  /** Seconds that the machine's host gave to other machines. */
  readonly stolen: number
}

/** All processes but `own` and the kernel's threads, which work for whoever is measured. */
export function bystanders(own: readonly number[]): Bystanders {
  const others = processes().filter(
    ({ pid, parent }) => pid !== KERNEL_THREADS && parent !== KERNEL_THREADS && !own.includes(pid),
  )
  return {
    cpu: new Map(others.map(({ pid, cpu, endedCpu }) => [pid, cpu + endedCpu])),
    stolen: readStolen(read('/proc/stat') ?? ''),
  }
}

/** CPU seconds that were taken from the benchmark between two moments. */
export function takenBetween(before: Bystanders, after: Bystanders): number {
  const pids = [...after.cpu.keys()]
  const used = pids.reduce((sum, pid) => sum + (after.cpu.get(pid) ?? 0) - (before.cpu.get(pid) ?? 0), 0)
  return used + after.stolen - before.stolen
}

/** user, nice, system, idle, iowait, irq, softirq, steal. */
export function readStolen(text: string): number {
  return Number(/^cpu +(?:\d+ +){7}(\d+)/m.exec(text)?.[1] ?? 0) * TICK
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
