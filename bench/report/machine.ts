import { cpus, loadavg, release, totalmem } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { bystanders, takenBetween } from '../measure/processes.ts'
import type { Report } from './report.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  readonly kernel: string
  readonly node: string
  /** Over 1, 5 and 15 minutes, before the first run. */
  readonly load: readonly number[]
  /** Share of all cores that others used before the first run. */
  readonly busy: number
}

/** Milliseconds. */
const LOOK = 3_000
/** Share of the cores that a quiet machine may use. */
const QUIET = 0.05

/** What the machine is, and for three seconds what it does. */
export async function lookAtMachine(): Promise<Machine> {
  const cores = cpus()
  const before = bystanders([process.pid])
  await pause(LOOK)
  return {
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memory: totalmem(),
    kernel: release(),
    node: process.versions.node,
    load: loadavg(),
    busy: takenBetween(before, bystanders([process.pid])) / (LOOK / 1000) / cores.length,
  }
}

/** Share of all cores that programs used which have nothing to do with the benchmark, while it measured. */
export function disturbance(reports: readonly Report[], { cores }: Machine): number {
  const runs = reports.flatMap(({ rows }) => rows.flatMap((row) => row.runs))
  const wall = runs.reduce((sum, run) => sum + run.wall, 0)
  return wall === 0 ? 0 : runs.reduce((sum, run) => sum + run.otherCpu, 0) / wall / cores
}

export function machineLine({ cpu, cores, memory, kernel, node, load, busy }: Machine): string {
  const loads = load.map((each) => each.toFixed(2)).join(' ')
  const state = `load ${loads}, ${percent(busy)} used by others before the first run`
  return `${cpu}, ${cores} cores, ${(memory / 1e9).toFixed(1)} GB, Linux ${kernel}, Node ${node}; ${state}`
}

/** Nothing where the machine was quiet. */
export function disturbanceLine(before: number, during: number): string | undefined {
  if (before <= QUIET && during <= QUIET) return undefined
  return `NOT IDLE: other programs used ${percent(before)} of the machine before and ${percent(during)} during these runs; do not trust the times`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}
