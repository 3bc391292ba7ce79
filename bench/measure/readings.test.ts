import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { bystanders, memoryOfSession, readStat, readStolen, takenBetween } from './processes.ts'
import { readTimeOutput } from './time-output.ts'

test('what GNU time wrote', () => {
  expect(readTimeOutput('1.25 0.50 2048\n')).toEqual({ user: 1.25, system: 0.5, peak: 2_097_152 })
})

test('what bash wrote, which knows no memory', () => {
  expect(readTimeOutput('1.250 0.500\n')).toEqual({ user: 1.25, system: 0.5 })
})

test('lines before it belong to somebody else', () => {
  expect(readTimeOutput('Command terminated by signal 9\n0.00 0.01 100\n')?.system).toBe(0.01)
  expect(readTimeOutput('')).toBeUndefined()
  expect(readTimeOutput('no numbers')).toBeUndefined()
})

test('a process whose name holds blanks and brackets', () => {
  const line = '42 (a) (b c) S 7 42 41 0 -1 4194560 100 0 0 0 150 25 900 900 20 0 1 0 5 6 7'
  expect(readStat(line)).toEqual({ pid: 42, parent: 7, session: 41, cpu: 1.75, endedCpu: 18 })
})

test('what the host of a virtual machine took', () => {
  expect(readStolen('cpu  100 1 10 5000 700 2 3 4 0 0\ncpu0 9 9 9 9 9 9 9 9 9 9\n')).toBeCloseTo(0.04)
})

test('what others took: those that stay, those that came, and the host', () => {
  const before = {
    cpu: new Map([
      [10, 5],
      [11, 7],
    ]),
    stolen: 1,
  }
  const after = {
    cpu: new Map([
      [10, 6.5],
      [12, 2],
    ]),
    stolen: 1.25,
  }
  expect(takenBetween(before, after)).toBe(3.75)
})

describe.skipIf(!existsSync('/proc/self/statm'))('on Linux', () => {
  test('a program beside the benchmark is seen, the benchmark is not', async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'])
    try {
      const [before, own] = [bystanders([process.pid]), bystanders([process.pid, child.pid ?? 0])]
      let seen = bystanders([process.pid])
      while (takenBetween(before, seen) <= 0.1 || !seen.cpu.has(child.pid ?? 0)) {
        await setTimeout(50)
        seen = bystanders([process.pid])
      }
      expect(own.cpu.has(process.pid) || own.cpu.has(child.pid ?? 0)).toBe(false)
    } finally {
      child.kill('SIGKILL')
    }
  })

  test('the memory of a session is that of all its processes', async () => {
    const fill = `const held = Buffer.alloc(64 << 20, 1); console.log(held.length); setInterval(() => held, 1000)`
    const script = `"${process.execPath}" -e '${fill}' & "${process.execPath}" -e '${fill}' & wait`
    const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
    const { pid = 0 } = child
    try {
      let said = ''
      while (said.split('\n').length < 3) {
        const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
        said += chunk.toString()
      }
      expect(memoryOfSession(pid)).toBeGreaterThan(128 << 20)
    } finally {
      process.kill(-pid, 'SIGKILL')
    }
  })
})
