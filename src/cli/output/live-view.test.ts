import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../core/events.ts'
import { cells } from './format.ts'
import { liveLines } from './live-view.ts'
import { Progress } from './progress.ts'
import { styleOf } from './style.ts'

const COUNTS = { stored: 0, known: 0, excluded: 0, rejected: 0, missing: 0, failed: 0 }
const STYLE = styleOf({ isTTY: true, hasColors: () => true } as unknown as NodeJS.WriteStream, { LANG: 'C.UTF-8' })

function moved(stored: number, more: object = {}): Event {
  const hosts = Array.from({ length: 9 }, (_, index) => ({ host: `h${index}.example`, active: 1, waiting: index }))
  const counts = { ...COUNTS, stored }
  return { event: 'progress', counts, listed: 5000, bytes: 1e6, bytesPerSecond: 1e5, active: 9, hosts, ...more }
}

function view(progress: Progress, columns = 80, rows = 24): readonly string[] {
  return liveLines(progress, { columns, rows, now: 1000 }, STYLE).map(stripVTControlCharacters)
}

describe('the live view', () => {
  it('shows bar, counts, speed and the time that is left', () => {
    const progress = new Progress()
    progress.take(moved(0, { total: 40_000 }), 0)
    progress.take(moved(1000, { total: 40_000 }), 10_000)
    const [bar, counts, speed] = view(progress)
    expect(bar).toMatch(/^━─+ {2}2 % {2}1000 of 40\u202f000 {2}6:30 min left$/)
    expect(counts).toBe('1000 stored')
    expect(speed).toBe('977 KiB · 97.7 KiB/s · 100 items/s · 9 active')
  })

  it('names who asks for patience first, and no more hosts than help', () => {
    const progress = new Progress()
    progress.take(moved(1), 0)
    progress.take({ event: 'wait', host: 'h3.example', reason: 'it answered 429', until: '1970-01-01T00:00:43Z' }, 0)
    const lines = view(progress)
    expect(lines[2]).toMatch(/^ {2}h3\.example +waits 42 s: it answered 429$/)
    expect(lines.at(-1)).toBe('  and 4 more hosts')
    expect(lines.filter((line) => line.includes('h3.example'))).toHaveLength(1)
  })

  it('forgets a wait that is over', () => {
    const progress = new Progress()
    progress.take({ event: 'wait', host: 'h.example', reason: 'it answered 503', until: '1970-01-01T00:00:00Z' }, 0)
    expect(view(progress).join('\n')).not.toContain('waits')
  })

  it('keeps within any screen, hosts give way first', () => {
    const progress = new Progress()
    progress.take(moved(7, { total: 100_000, counts: { ...COUNTS, stored: 98_765, known: 123_456, failed: 3 } }), 0)
    for (const name of ['a', '名'.repeat(90), 'b']) {
      const reason = `the server refuses it, ${'again '.repeat(30)}`
      progress.take(
        { event: 'failed', key: name, url: `https://x.example/${name}`, code: 'Gone', reason, attempts: 1 },
        0,
      )
    }
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
      [40, 10],
      [21, 6],
    ] as const) {
      const lines = view(progress, columns, rows)
      expect(Math.max(...lines.map(cells))).toBeLessThan(columns)
      expect(lines.length).toBeLessThan(Math.max(rows, 8))
      expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(3)
    }
  })
})
