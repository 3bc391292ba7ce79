import type { FaultCode } from '../core/errors.ts'
import type { Fault } from '../core/errors.ts'
import type { HttpAnswer, ResponseHeaders } from '../core/http.ts'
import { WALL_ADVICE, WALL_LOOK_BYTES, wallIn } from '../core/walls.ts'
import { hopFault } from './faults.ts'
import type { Outgoing } from './outgoing.ts'
import { headerText, retryAfter } from './retry-after.ts'

/** Who put a challenge in place of the answer, if somebody did. */
function wallOf(answer: HttpAnswer): string | undefined {
  const { headers } = answer
  if (headerText(headers, 'cf-mitigated') === 'challenge') return 'Cloudflare'
  if (headers['x-datadome'] !== undefined || headers['x-dd-b'] !== undefined) return 'DataDome'
  if (headers['x-amzn-waf-action'] !== undefined) return 'AWS WAF'
  if (!/html/i.test(headerText(headers, 'content-type') ?? '')) return undefined
  const page = Buffer.from(answer.bytes.subarray(0, WALL_LOOK_BYTES)).toString('latin1')
  return wallIn(page)
}

function codeOf(status: number): FaultCode {
  if (status === 401 || status === 407) return 'NeedsLogin'
  if (status === 403 || status === 451) return 'Blocked'
  if (status === 404 || status === 410) return 'Gone'
  return status === 429 || status === 503 ? 'RateLimited' : 'HttpStatus'
}

function wordsOf(status: number): string {
  switch (codeOf(status)) {
    case 'NeedsLogin':
      return 'the site wants a login here'
    case 'Blocked':
      return status === 451 ? 'the site may not show this here, by law' : 'the site refuses the request'
    case 'Gone':
      return 'there is nothing (any more)'
    case 'RateLimited':
      return 'the site asks for fewer requests'
    default:
      return 'the server answered with an error'
  }
}

/** The fault that an exploring request's status stands for. A page is only searched for a wall when it was refused. */
export function statusFault(answer: HttpAnswer, request: Outgoing): Fault {
  const { status, headers } = answer
  const wall =
    status === 403 || status === 429 || status === 503 || status === 405 || status === 401 ? wallOf(answer) : undefined
  if (wall !== undefined) {
    return hopFault('Blocked', `${wall} wants proof of a person in place of an answer (status ${status})`, request, {
      status,
      advice: WALL_ADVICE,
    })
  }
  const wait = retryAfter(headers, Date.now())
  return hopFault(codeOf(status), `${wordsOf(status)} (status ${status})`, request, {
    status,
    ...(wait === undefined ? {} : { retryAfter: wait }),
    ...(codeOf(status) === 'NeedsLogin'
      ? { advice: 'give the cookies of a login: --cookies FILE or --cookies-from-browser NAME' }
      : {}),
  })
}

/** A challenge that comes with a good status. */
export function isChallenge(headers: ResponseHeaders): boolean {
  return headerText(headers, 'cf-mitigated') === 'challenge'
}
