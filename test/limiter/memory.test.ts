import { afterEach, describe, expect, test } from 'vitest'
import { MemoryLimiter } from '../../src/adapters/limiter/memory.ts'
import type { ClockBoard } from '../../src/ports/limiter.ts'
import { limiterContract } from '../contracts/limiter.ts'

limiterContract('memory', async () => new MemoryLimiter())

/** A board in memory, as a catalog would keep it for two processes. */
function sharedBoard(): ClockBoard & { reads: number } {
  const clocks = new Map<string, { scope: string; until: number; reason: string }>()
  return {
    reads: 0,
    async post(scope, until, reason) {
      clocks.set(scope, { scope, until, reason })
    },
    async read() {
      this.reads++
      return [...clocks.values()]
    },
  }
}

describe('limiters that share a board', () => {
  const opened: MemoryLimiter[] = []
  const open = (board: ClockBoard): MemoryLimiter => {
    const limiter = new MemoryLimiter(board)
    opened.push(limiter)
    return limiter
  }
  afterEach(async () => {
    for (const limiter of opened.splice(0)) await limiter.close()
  })

  test('wait for the clock that another one pushed', async () => {
    const board = sharedBoard()
    const [one, other] = [open(board), open(board)]
    const held = await other.take('a', { slots: 5 })
    one.postpone('a', Date.now() + 60_000, 'it answered 429')
    await expect.poll(() => other.state('a').reason, { timeout: 20_000 }).toBe('it answered 429')
    expect(other.state('a').until).toBeGreaterThan(Date.now() + 50_000)
    held.release()
  })

  test('read it only while they are in use', async () => {
    const board = sharedBoard()
    const limiter = open(board)
    const held = await limiter.take('a', { slots: 1 })
    await expect.poll(() => board.reads, { timeout: 20_000 }).toBeGreaterThan(1)
    held.release()
    await new Promise((resolve) => setTimeout(resolve, 1200))
    const reads = board.reads
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(board.reads).toBe(reads)
  })

  test('go by their own clock where the board fails', async () => {
    const broken: ClockBoard = {
      post: () => Promise.reject(new Error('locked')),
      read: () => Promise.reject(new Error('locked')),
    }
    const limiter = open(broken)
    const began = performance.now()
    limiter.postpone('a', Date.now() + 100, 'busy')
    ;(await limiter.take('a', { slots: 1 })).release()
    expect(performance.now() - began).toBeGreaterThan(80)
  })
})
