import type { HttpSettings } from '../settings.ts'
import { mapConnection } from './connect-to.ts'
import type { Route } from './connector.ts'
import { proxyFor } from './proxies.ts'

/** How a URL's origin is reached, by the settings alone. */
export function routeOf(settings: HttpSettings, url: URL): Route {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  const mapped = mapConnection(settings.connectTo ?? [], url.hostname, port)
  const proxy = proxyFor(url, settings.proxy, settings.environment ?? {})
  if (proxy === undefined) return mapped === undefined ? { kind: 'direct' } : { kind: 'mapped', ...mapped }
  // As with curl, a place that --connect-to names is reached through a tunnel.
  if (url.protocol === 'http:' && proxy.kind === 'http' && mapped === undefined) return { kind: 'forward', proxy }
  return { kind: 'tunnel', proxy, host: url.hostname.replace(/^\[|\]$/g, ''), port, ...mapped }
}
