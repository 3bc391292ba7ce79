import { describe, expect, it } from 'vitest'
import { isDead, SILENT_MS, thisProcess } from './owner.ts'
import type { Owner } from './owner.ts'

const self = thisProcess()
const NOW = 1_800_000_000_000

function dead(owner: Partial<Owner>, silentMs = 0): boolean {
  return isDead({ ...self, ...owner }, NOW - silentMs, self, NOW)
}

describe('the owner of a run', () => {
  it('is alive while its process is, however long it was silent', () => {
    expect(dead({})).toBe(false)
    expect(dead({}, 100 * SILENT_MS)).toBe(self.birth === '')
  })

  it('is dead when its process id is gone', () => {
    expect(dead({ pid: 0x7ffffff0 })).toBe(true)
  })

  const blind = self.birth === ''
  it.skipIf(blind)(
    `is dead when its process id belongs to a later process${blind ? ' (skipped: no /proc here)' : ''}`,
    () => {
      expect(dead({ birth: '1' })).toBe(true)
    },
  )

  it('is dead when its machine was booted since', () => {
    expect(dead({ boot: 'an earlier boot' })).toBe(true)
  })

  it('on another machine or in another container is dead after a long silence only', () => {
    for (const elsewhere of [
      { host: 'another', pid: 1 },
      { namespace: 'pid:[1]', pid: 1 },
    ]) {
      expect(dead(elsewhere, SILENT_MS)).toBe(false)
      expect(dead(elsewhere, SILENT_MS + 1)).toBe(true)
    }
  })
})
