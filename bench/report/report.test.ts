import { expect, test } from 'vitest'
import { ratioOf, ratioToBaseline, verdict, type Report, type Row, type Run } from './report.ts'
import { aligned, printed } from './table.ts'

const RUN: Run = {
  wall: 1,
  user: 0.5,
  system: 0.25,
  peak: 150e6,
  status: 0,
  files: 100,
  bytes: 6_000_000,
  serverCpu: 0.1,
  otherCpu: 0,
}

function row(name: string, walls: readonly number[], items = 100): Row {
  return { name, version: '1.0', command: name, items, runs: walls.map((wall) => ({ ...RUN, wall })) }
}

const ROWS = [
  row('bowerbird', [2, 2.2, 2.1]),
  row('curl', [2, 2, 2]),
  { ...row('gallery-dl', [10, 10, 10], 10), fewer: true },
]

test('ratios to another program', () => {
  expect(ratioOf(ROWS, 'bowerbird', 'curl')).toBeCloseTo(1.05)
  expect(ratioOf(ROWS, 'gallery-dl', 'bowerbird')).toBeCloseTo(10 / 0.21)
  expect(ratioOf(ROWS, 'bowerbird', 'aria2c')).toBeUndefined()
})

test('ratios to the ideal, which is seconds per file', () => {
  expect(ratioToBaseline({ rows: ROWS, baseline: { ideal: 0.01 } }, row('x', [1.5]))).toBeCloseTo(1.5)
})

test('a run that lost files does not count, and the table says so', () => {
  const lost = { ...row('curl', [1, 1]), runs: [{ ...RUN, wall: 0.1, problem: '7 of 100 files' }, RUN] }
  const report: Report = { id: 'a', title: 'files', rows: [lost], goals: [], baseline: { row: 'curl' } }
  const lines = printed(report).split('\n')
  expect(lines[2]).toMatch(/^curl 1\.0 +1 +100 +1\.00 +1\.00–1\.00 +100 +1\.00 +0\.75 +150\.0$/)
  expect(lines[3]).toBe('curl: run 1 does not count: 7 of 100 files')
})

test('who fetched fewer files has a star', () => {
  const text = printed({ id: 'a', title: 'files', rows: ROWS, goals: [], baseline: { row: 'curl' } })
  expect(text).toContain('gallery-dl 1.0 *')
  expect(text).toContain('* slow, so measured on fewer files')
})

test('goals are met, missed, or not measured', () => {
  const most = { about: 'wall', limit: 1.15, at: 'most', unit: ' ×' } as const
  expect(verdict(most, 1.15).met).toBe(true)
  expect(verdict(most, 1.16).met).toBe(false)
  expect(verdict({ ...most, at: 'least' }, 1.16).met).toBe(true)
  expect(verdict(most, undefined)).toEqual(most)
  const text = printed({ id: 'a', title: 'files', rows: ROWS, goals: [verdict(most, 2), verdict(most, undefined)] })
  expect(text).toContain('goal: wall  2.00  at most 1.15 ×        MISSED')
  expect(text).toContain('goal: wall     –  at most 1.15 ×  not measured')
})

test('columns stand below each other', () => {
  expect(
    aligned([
      ['a', 'bb'],
      ['ccc', 'd'],
    ]),
  ).toEqual(['a    bb', 'ccc   d'])
})
