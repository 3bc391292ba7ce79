import { help } from './help.ts'
import { memory } from './memory.ts'
import { largeFiles, latency, manyFiles, secondRun } from './races.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [manyFiles, latency, largeFiles, secondRun, memory, help]
