import { describe, expect, it } from 'vitest'
import { Bell } from './bell.ts'

describe('a bell', () => {
  it('wakes who sleeps, once for each ring', async () => {
    const bell = new Bell()
    const woken: string[] = []
    const sleeping = bell.heard().then(() => woken.push('first'))
    bell.ring()
    await sleeping
    expect(woken).toEqual(['first'])
  })

  it('does not lose a ring that comes between the look and the sleep', async () => {
    const bell = new Bell()
    const since = bell.rings
    await Promise.resolve()
    bell.ring()
    await expect(bell.heard(since)).resolves.toBeUndefined()
  })
})
