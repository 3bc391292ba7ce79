import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Fault } from '../../core/errors.ts'

/** A proxy server, read once. */
export interface Proxy {
  readonly kind: 'http' | 'socks4' | 'socks4a' | 'socks5' | 'socks5h'
  /** The connection to the proxy itself is over TLS. */
  readonly tls: boolean
  /** Without brackets. */
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
}

const SCHEMES: Readonly<Record<string, readonly [Proxy['kind'], number]>> = {
  http: ['http', 1080],
  https: ['http', 443],
  socks4: ['socks4', 1080],
  socks4a: ['socks4a', 1080],
  socks5: ['socks5', 1080],
  socks5h: ['socks5h', 1080],
  socks: ['socks5', 1080],
}

/** Reads a proxy as curl does: without a scheme it is an HTTP proxy, without a port it is 1080 (443 over TLS). */
export function parseProxy(text: string): Proxy {
  const [, scheme = 'http', rest = ''] = /^(?:([a-z0-9]+):\/\/)?(.*)$/i.exec(text) ?? []
  const known = SCHEMES[scheme.toLowerCase()]
  // A scheme that WHATWG URL does not know leaves ports and hosts as they are written.
  const url = known !== undefined && URL.canParse(`proxy://${rest}`) ? new URL(`proxy://${rest}`) : undefined
  if (known === undefined || url === undefined || url.hostname === '') {
    throw new Fault('Usage', 'the proxy is not understood', {
      advice:
        'write it as http://HOST:PORT, https://HOST:PORT, socks4://, socks4a://, socks5:// or socks5h://HOST:PORT',
    })
  }
  return {
    kind: known[0],
    tls: scheme.toLowerCase() === 'https',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? known[1] : Number(url.port),
    ...(url.username === '' ? {} : { username: decoded(url.username) }),
    ...(url.password === '' ? {} : { password: decoded(url.password) }),
  }
}

/** A percent sign that begins no escape is itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function inNetwork(host: string, network: string): boolean {
  if (isIP(host) === 0 || !ipaddr.isValidCIDR(network)) return false
  const address = ipaddr.parse(host)
  const range = ipaddr.parseCIDR(network)
  return address.kind() === range[0].kind() && address.match(range)
}

/** Whether NO_PROXY (a list of domains, addresses, networks and `*`) takes a host out. As curl reads it. */
export function isExempt(noProxy: string, hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true
    if (entry.includes('/')) return inNetwork(host, entry)
    const name = entry
      .toLowerCase()
      .replace(/^\[|\]$/g, '')
      .replace(/^\./, '')
      .replace(/\.$/, '')
    return name !== '' && (host === name || host.endsWith(`.${name}`))
  })
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy of a URL. `--proxy` wins over the environment (`--proxy ""` is none at all); `HTTP_PROXY` in capitals is
 * not read, because a web server sets it from a request header (httpoxy).
 */
export function proxyFor(
  url: { readonly protocol: string; readonly hostname: string },
  given: string | undefined,
  environment: Environment,
): Proxy | undefined {
  const noProxy = environment['no_proxy'] ?? environment['NO_PROXY'] ?? ''
  if (isExempt(noProxy, url.hostname)) return undefined
  const own =
    url.protocol === 'https:' ? (environment['https_proxy'] ?? environment['HTTPS_PROXY']) : environment['http_proxy']
  const text = given ?? own ?? environment['all_proxy'] ?? environment['ALL_PROXY'] ?? ''
  return text === '' ? undefined : parseProxy(text)
}

/** The value of `Proxy-Authorization`, where the proxy has a user. */
export function proxyAuthorization(proxy: Proxy): string | undefined {
  if (proxy.username === undefined) return undefined
  return `Basic ${Buffer.from(`${proxy.username}:${proxy.password ?? ''}`).toString('base64')}`
}
