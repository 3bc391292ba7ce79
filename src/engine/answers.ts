import { Fault } from '../core/errors.ts'
import type { ResponseHead } from '../core/http.ts'
import type { ClaimedAsset } from '../ports/catalog.ts'
import type { Received } from '../ports/store.ts'
import { header } from './intake.ts'

/** What a status says about one file (not about a listing). */
export function statusFault(head: ResponseHead): Fault {
  const { status, url } = head
  const evidence = { method: 'GET', url, status }
  if (status === 404 || status === 410)
    return new Fault('Gone', `the server does not have it (HTTP ${status})`, evidence)
  if (status === 401)
    return new Fault('NeedsLogin', 'the server asks for a login (HTTP 401)', {
      ...evidence,
      advice: 'give cookies with --cookies',
    })
  if (status === 403) return new Fault('Blocked', 'the server refuses to give it (HTTP 403)', evidence)
  if (status === 429 || status === 503)
    return new Fault('RateLimited', `the server asks for fewer requests (HTTP ${status})`, evidence)
  if (status === 204 || status === 205) return new Fault('Empty', `the answer has no body (HTTP ${status})`, evidence)
  if (status === 408 || status === 425 || status >= 500)
    return new Fault('Network', `the server failed (HTTP ${status})`, evidence)
  if (status === 206) return new Fault('BadResponse', 'a part came where the whole was asked for', evidence)
  if (status === 400 && /^http:\/\/[^/]*:\d/i.test(url))
    return new Fault(
      'HttpStatus',
      `the server answered HTTP 400: if it speaks TLS at this port, https:// may do`,
      evidence,
    )
  const location = header(head.headers, 'location')
  return new Fault(
    'HttpStatus',
    `the server answered HTTP ${status}${location === undefined ? '' : ' with a redirect that leads nowhere'}`,
    evidence,
  )
}

/** Only what broke on the way is worth keeping: bytes that came are sound, more are missing. */
export function mayResume(fault: Fault, signal: AbortSignal): boolean {
  return (
    signal.aborted ||
    fault.code === 'Network' ||
    fault.code === 'Timeout' ||
    fault.code === 'TooSlow' ||
    fault.code === 'Truncated'
  )
}

export function missingByBytes(asset: ClaimedAsset, received: Received): Fault | undefined {
  const rule = asset.rules.missingIf
  if (asset.rules.enumerated !== true || rule === undefined) return undefined
  if (rule.html === true && received.inspection.mime === 'text/html')
    return new Fault('Gone', 'a web page came in place of the file')
  if (rule.notMagic === undefined) return undefined
  const begins = Buffer.from(received.magic.subarray(0, rule.notMagic.length)).toString('latin1') === rule.notMagic
  return begins ? undefined : new Fault('Gone', `the body does not begin with ${JSON.stringify(rule.notMagic)}`)
}
