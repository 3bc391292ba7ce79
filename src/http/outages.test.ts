import { beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../core/errors.ts'
import type { FaultCode } from '../core/errors.ts'
import { Outages } from './outages.ts'
import type { Wait } from './settings.ts'

const MINUTE = 60_000

function failure(cause: string, code: FaultCode = 'Network'): Fault {
  return new Fault(code, 'because', { status: 0, cause: Object.assign(new Error('x'), { code: cause }) })
}

describe('a connection that cannot be made', () => {
  let now: number
  let waits: Wait[]
  let outages: Outages

  beforeEach(() => {
    now = 1000
    waits = []
    outages = new Outages(
      (wait) => waits.push(wait),
      () => now,
    )
  })

  const outageOf = (scope: string, cause: string, code?: FaultCode): number | undefined =>
    outages.judge(scope, failure(cause, code)).evidence.outage

  it.each([
    ['ECONNREFUSED', 'Network'],
    ['EHOSTUNREACH', 'Network'],
    ['ENOTFOUND', 'Network'],
    ['EAI_AGAIN', 'Network'],
    ['UND_ERR_CONNECT_TIMEOUT', 'Timeout'],
  ] as const)('is an outage of a host that has answered, for five minutes (%s)', (cause, code) => {
    outages.answered('a')
    expect(outageOf('a', cause, code)).toBe(0)
    now += 4 * MINUTE
    expect(outageOf('a', cause, code)).toBe(4 * MINUTE)
    now += MINUTE
    expect(outageOf('a', cause, code)).toBeUndefined()
  })

  it('is none where the connection was there, or the trouble is another one', () => {
    outages.answered('a')
    for (const cause of ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']) expect(outageOf('a', cause)).toBeUndefined()
    expect(outageOf('a', 'ECONNREFUSED', 'Truncated')).toBeUndefined()
    expect(outageOf('a', 'CERT_HAS_EXPIRED', 'Certificate')).toBeUndefined()
  })

  it('begins anew after an answer', () => {
    outages.answered('a')
    outageOf('a', 'ECONNREFUSED')
    now += 4 * MINUTE
    outages.answered('a')
    now += 4 * MINUTE
    expect(outageOf('a', 'ECONNREFUSED')).toBe(0)
  })

  it('to a host that never answered is its own trouble', () => {
    outages.answered('a')
    expect(outageOf('b', 'ECONNREFUSED')).toBeUndefined()
    expect(outageOf('b', 'ENOTFOUND')).toBeUndefined()
  })

  it('to any host is an outage while this machine has no network, and nobody answers', () => {
    expect(outageOf('b', 'ENETUNREACH')).toBeUndefined()
    outages.answered('a')
    expect(outageOf('c', 'EAI_AGAIN')).toBe(0)
    now += MINUTE
    expect(outageOf('c', 'EAI_AGAIN')).toBe(MINUTE)
    outages.answered('a')
    expect(outageOf('c', 'EAI_AGAIN')).toBeUndefined()
  })

  it('is told once, and its end', () => {
    outages.answered('a')
    for (let time = 0; time < 3; time += 1) outageOf('a', 'ECONNREFUSED')
    outageOf('b', 'ECONNREFUSED')
    expect(waits).toMatchObject([{ host: 'a', reason: expect.stringContaining('cannot be reached') }])
    outages.answered('a')
    outages.answered('a')
    outages.answered('b')
    expect(waits.slice(1)).toMatchObject([{ host: 'a', reason: 'it answers again' }])
  })

  it('keeps everything else that is known of the fault', () => {
    outages.answered('a')
    const fault = failure('ECONNREFUSED')
    const judged = outages.judge('a', fault)
    expect([judged.code, judged.message, judged.evidence]).toEqual([
      fault.code,
      fault.message,
      { ...fault.evidence, outage: 0 },
    ])
  })
})
