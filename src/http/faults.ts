import { Fault } from '../core/errors.ts'
import type { FaultCode } from '../core/errors.ts'
import { redactUrl } from '../core/redact.ts'
import type { Outgoing } from './outgoing.ts'

/** What a fault tells of a request. */
type Asked = Pick<Outgoing, 'method' | 'url'>

/** OpenSSL's verdicts on a certificate, as Node names them; they do not pass by trying again. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|ERR_SSL_TLSV1_ALERT_UNKNOWN_CA|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|CRL_)/

/** What OpenSSL says to bytes that are no TLS; what it says of anything else in a handshake stands in `reason`. */
const NO_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'])
/** A TLS alert, as a server sends it to a request in the clear: record type 21, version 3. */
const TLS_ALERT = '\u0015\u0003'

/** Stop at the first: the code of the error, else of the first error inside it that has one. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => code !== '') ?? ''
  return codeOf(error.cause)
}

function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(wordsOf))].join('; ')
  // The message of OpenSSL's errors names its source files.
  if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return error.reason
  return error instanceof Error && error.message !== '' ? error.message : String(error)
}

function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError'
}

function isTlsAlert(error: unknown): boolean {
  return isParserError(error) && error instanceof Error && 'data' in error && String(error.data).startsWith(TLS_ALERT)
}

/** What to do about it; certificates are checked against the host that was asked for, whatever was connected to. */
function adviceFor(code: string): string | undefined {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'check the clock of this machine; if it is right, the owner of the site has to renew the certificate'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'check the host name: the certificate is for another one'
  if (CERTIFICATE.test(code)) return 'if you trust the server, name the certificate of its authority: --cacert FILE'
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'check how it is spelt, and the network of this machine'
  return undefined
}

/** What a failed exchange is called. `started`: the head had arrived, so the body was cut. */
function classify(error: unknown, scheme: string, started: boolean): readonly [FaultCode, string] {
  const code = codeOf(error)
  const words = wordsOf(error)
  if (CERTIFICATE.test(code)) return ['Certificate', `the certificate is not accepted (${words})`]
  if (NO_TLS.has(code)) return ['Network', 'the server does not speak TLS at this port: http:// may do']
  if (isTlsAlert(error)) return ['Network', 'the server speaks TLS at this port: https:// may do']
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return ['Network', `the TLS handshake failed (${words})`]
  // undici reports this too when it gives up inside the head, with no byte of the announced body read.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return started
      ? ['Truncated', 'the body is not as long as announced']
      : ['BadResponse', 'the head of the answer breaks the rules of HTTP']
  }
  if (/invalid eof state/i.test(words))
    return [started ? 'Truncated' : 'BadResponse', 'the connection closed in the middle of the answer']
  if (isParserError(error) || code === 'UND_ERR_HEADERS_OVERFLOW' || /^bad (response|upgrade)$/.test(words)) {
    return ['BadResponse', `the answer breaks the rules of HTTP (${words})`]
  }
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return ['Timeout', 'the connection could not be made in time']
  if (code === 'ENOTFOUND') return ['Network', 'the host name has no address']
  if (code.startsWith('EAI_')) return ['Network', `the host name cannot be looked up (${code})`]
  if (started) return ['Truncated', `the connection broke in the middle of the body (${words})`]
  if (scheme === 'http:' && words === 'other side closed')
    return [
      'Network',
      'the server closed the connection without an answer: if it speaks TLS at this port, https:// may do',
    ]
  return ['Network', `the connection failed (${words})`]
}

/** Nobody took the connection, or the name is not known (any more). */
const NO_HOST = /^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENOTFOUND|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/
/** This machine has no way out, or nobody to ask for names. */
const NO_NETWORK = /^(ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EAI_\w+)$/

/** What could not be reached, where a connection could not be made; nothing for all other faults. */
export function unreached({ code, evidence }: Fault): 'host' | 'network' | undefined {
  if (code !== 'Network' && code !== 'Timeout') return undefined
  const cause = codeOf(evidence.cause)
  if (NO_NETWORK.test(cause)) return 'network'
  return NO_HOST.test(cause) ? 'host' : undefined
}

/** The fault that stands for what the HTTP library reported. */
export function exchangeFault(error: unknown, request: Asked, started: boolean): Fault {
  if (error instanceof Fault) return error
  const [code, what] = classify(error, request.url.protocol, started)
  const advice = adviceFor(codeOf(error))
  return hopFault(code, what, request, { cause: error, ...(advice !== undefined && { advice }) })
}

/** A fault that names the request. `what` is a sentence without its full stop. */
export function hopFault(
  code: FaultCode,
  what: string,
  request: Asked,
  more: {
    readonly cause?: unknown
    readonly status?: number
    readonly retryAfter?: number
    readonly advice?: string
  } = {},
): Fault {
  const url = redactUrl(request.url.href)
  return new Fault(code, `${what}: ${request.method} ${url}`, { method: request.method, url, ...more })
}
