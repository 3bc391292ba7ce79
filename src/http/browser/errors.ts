import { Fault } from '../../core/errors.ts'
import type { FaultCode } from '../../core/errors.ts'
import { redactUrl } from '../../core/redact.ts'
import type { Gateway } from './gateway.ts'

/** What Chromium calls its troubles with a page (`net::ERR_…`), most telling first. */
const TROUBLES: readonly (readonly [RegExp, FaultCode, string])[] = [
  [/ERR_CERT_|ERR_SSL_/, 'Certificate', 'the browser does not accept the certificate'],
  [/ERR_TOO_MANY_REDIRECTS|ERR_UNSAFE_REDIRECT/, 'Redirect', 'the page redirects without end, or where none may lead'],
  [/ERR_TIMED_OUT|ERR_CONNECTION_TIMED_OUT|Timeout \d+ms exceeded/, 'Timeout', 'the page was not there in time'],
  [/Download is starting/, 'BadResponse', 'a file came in place of the page'],
  [/ERR_EMPTY_RESPONSE|ERR_INVALID_|ERR_RESPONSE_|ERR_CONTENT_|ERR_HTTP2_/, 'BadResponse', 'the answer is broken'],
  [/Target (page, context or browser has been )?closed|Target crashed|Page crashed/i, 'Browser', 'the page broke down'],
  [/net::ERR_/, 'Network', 'the connection failed'],
]

/** The fault that stands for what the library that drives the browser reported. */
export function pageFault(thrown: unknown, url: string, gateway: Gateway): Fault {
  if (thrown instanceof Fault) return thrown
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  if (/ERR_TUNNEL_CONNECTION_FAILED|ERR_PROXY/.test(text)) {
    const { hostname, port } = new URL(url)
    const known = gateway.faultOf(`${hostname}:${port === '' ? '443' : port}`)
    if (known !== undefined) return known
  }
  const [, code, what] = TROUBLES.find(([sign]) => sign.test(text)) ?? [undefined, 'Internal' as const, text]
  const name = /net::(ERR_\w+)/.exec(text)?.[1]
  const place = redactUrl(url)
  return new Fault(code, `${what}${name === undefined ? '' : ` (${name})`}: ${place}`, { url: place, cause: thrown })
}
