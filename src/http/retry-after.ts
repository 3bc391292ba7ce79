import type { ResponseHeaders } from '../core/http.ts'
import { parseHttpDate } from './dates.ts'

export function headerText(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(', ')
}

/** Milliseconds from now until a moment of the server's clock, which may differ from ours. */
function untilMoment(moment: number, headers: ResponseHeaders, now: number): number {
  const serverNow = parseHttpDate(headerText(headers, 'date') ?? '') ?? now
  return Math.max(0, moment - serverNow)
}

/** Milliseconds that `Retry-After` asks for, in seconds or as a date; `undefined` where there is none or rubbish. */
export function retryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const text = headerText(headers, 'retry-after')?.trim()
  if (text === undefined) return undefined
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  const moment = parseHttpDate(text)
  return moment === undefined ? undefined : untilMoment(moment, headers, now)
}

/** What is left of a budget, and when it is full again. The last pair is imgur's, for one address (documented, not recorded). */
const BUDGETS = [
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['ratelimit-remaining', 'ratelimit-reset'],
  ['x-ratelimit-userremaining', 'x-ratelimit-userreset'],
] as const

/**
 * Milliseconds until a budget that is used up is full again, from `X-RateLimit-Remaining: 0` with `X-RateLimit-Reset`
 * (or another pair of headers): seconds from now, or a Unix time in seconds or milliseconds, told apart by size.
 */
export function budgetReset(headers: ResponseHeaders, now: number): number | undefined {
  for (const [left, full] of BUDGETS) {
    const remaining = headerText(headers, left)
    const reset = headerText(headers, full)
    if (remaining === undefined || reset === undefined) continue
    if (Number.parseFloat(remaining) > 0 || !/^\s*0/.test(remaining) || !/^\s*\d{1,15}(\.\d+)?\s*$/.test(reset))
      continue
    const value = Number(reset)
    if (value < 1e8) return Math.round(value * 1000)
    return untilMoment(value < 1e11 ? value * 1000 : value, headers, now)
  }
  return undefined
}

/** Whether an answer tells of a budget at all: most do not. */
export function tellsBudget(headers: ResponseHeaders): boolean {
  return BUDGETS.some(([left]) => headers[left] !== undefined)
}
