import { describe, expect, it } from 'vitest'
import { Fault } from '../core/errors.ts'
import type { Evidence, FaultCode } from '../core/errors.ts'
import { nextMove, pauseBefore } from './retry.ts'
import type { TryState } from './retry.ts'

const fresh: TryState = {
  tries: 1,
  retries: 4,
  waits: 0,
  refreshed: false,
  canRefresh: false,
  othersServed: false,
  moreCandidates: false,
  mayRenewLogin: false,
  rules: {},
}

function move(code: FaultCode, evidence: Evidence = {}, state: Partial<TryState> = {}): string {
  return nextMove(new Fault(code, 'because', evidence), { ...fresh, ...state })
}

describe('what follows a failed try', () => {
  it('tries a broken connection again until the retries are used up, then the next candidate, then fails', () => {
    expect(move('Network')).toBe('again')
    expect(move('Truncated', {}, { tries: 4 })).toBe('again')
    expect(move('Network', {}, { tries: 5, moreCandidates: true })).toBe('next')
    expect(move('Network', {}, { tries: 5 })).toBe('fail')
    expect(move('Network', {}, { retries: 0 })).toBe('fail')
  })

  it('asks for a fresh URL once when the answer may mean an expired one', () => {
    for (const status of [401, 403, 404, 410]) {
      expect(move('Gone', { status }, { canRefresh: true, moreCandidates: true })).toBe('refresh')
      expect(move('Gone', { status }, { canRefresh: true, refreshed: true, moreCandidates: true })).toBe('next')
    }
    expect(move('HttpStatus', { status: 400 }, { canRefresh: true })).toBe('fail')
    expect(move('HttpStatus', { status: 400 }, { canRefresh: true, rules: { expiredStatuses: [400] } })).toBe('refresh')
  })

  it('takes the next candidate at once for a web page or an unsupported type', () => {
    expect(move('Html', { status: 200 }, { moreCandidates: true })).toBe('next')
    expect(move('HttpStatus', { status: 415 }, { moreCandidates: true })).toBe('next')
    expect(move('Html', { status: 200 })).toBe('fail')
  })

  it('calls an enumerated number missing only when the site does not have it', () => {
    const rules = { enumerated: true }
    expect(move('Gone', { status: 404 }, { rules })).toBe('missing')
    expect(move('Gone', { status: 404 }, { rules, moreCandidates: true })).toBe('next')
    expect(move('Blocked', { status: 403 }, { rules })).toBe('fail')
    expect(move('Network', {}, { rules, tries: 9 })).toBe('fail')
  })

  it('waits for a new login as the last thing, where one can come', () => {
    expect(move('NeedsLogin', { status: 401 })).toBe('fail')
    expect(move('NeedsLogin', { status: 401 }, { mayRenewLogin: true })).toBe('login')
    expect(move('NeedsLogin', { status: 401 }, { mayRenewLogin: true, canRefresh: true })).toBe('refresh')
    expect(move('NeedsLogin', { status: 200 }, { mayRenewLogin: true, moreCandidates: true })).toBe('next')
    expect(move('Html', { status: 200 }, { mayRenewLogin: true })).toBe('fail')
  })

  it('waits for a host that asks for patience without using up a try, but not for ever', () => {
    expect(move('RateLimited', { status: 429 }, { tries: 99 })).toBe('wait')
    expect(move('RateLimited', { status: 429 }, { waits: 30 })).toBe('fail')
    expect(move('RateLimited', { retryAfter: 86_400_000 })).toBe('fail')
  })

  it('outlasts a host that had answered and is out of reach, unless nothing is to be tried again', () => {
    expect(move('Network', { outage: 0 }, { tries: 99 })).toBe('outage')
    expect(move('Timeout', { outage: 200_000 }, { tries: 99, moreCandidates: true })).toBe('outage')
    expect(move('Network', { outage: 0 }, { retries: 0 })).toBe('fail')
  })

  it('never tries a refused certificate again, and ends the run on a full disk', () => {
    expect(move('Certificate')).toBe('fail')
    expect(move('DiskFull')).toBe('abort')
  })
})

describe('the pause before a further try', () => {
  it('doubles to a bound and is spread by chance', () => {
    expect(pauseBefore(1, () => 1)).toBe(500)
    expect(pauseBefore(3, () => 1)).toBe(2000)
    expect(pauseBefore(40, () => 1)).toBe(30_000)
    expect(pauseBefore(3, () => 0)).toBe(400)
  })
})
