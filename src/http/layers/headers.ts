import { proxyAuthorization } from '../connect/proxies.ts'
import type { Origins } from '../origins.ts'
import type { Layer, Outgoing } from '../outgoing.ts'

interface HeaderSettings {
  /** The user's own choice, which wins over what a source advises. */
  readonly userAgent: string | undefined
  readonly defaultUserAgent: string
}

/** Encodings that are taken off again below; files are asked for as they are. */
const ENCODINGS = 'gzip, deflate, br, zstd'

/**
 * Writes all headers of a hop. Later wins: the program's own, what the caller asked for, and the user's, which go to
 * the origins they were given for and nowhere else.
 */
export function headerWriting(settings: HeaderSettings, origins: Origins): Layer {
  return (next) => (request, receiver) => {
    const { origin, url } = request
    const headers: Record<string, string> = {
      'user-agent': settings.userAgent ?? origins.scope(origin, url.pathname).userAgent ?? settings.defaultUserAgent,
      accept: '*/*',
      'accept-encoding': request.kind === 'transfer' ? 'identity' : ENCODINGS,
    }
    Object.assign(headers, request.headers)
    if (settings.userAgent !== undefined) headers['user-agent'] = settings.userAgent
    if (origin.userHeaders !== undefined && !request.downgraded) Object.assign(headers, origin.userHeaders)
    if (origin.route.kind === 'forward') addProxyHeader(headers, request)
    return next({ ...request, headers }, receiver)
  }
}

function addProxyHeader(headers: Record<string, string>, { origin }: Outgoing): void {
  const authorization = origin.route.kind === 'forward' ? proxyAuthorization(origin.route.proxy) : undefined
  if (authorization !== undefined) headers['proxy-authorization'] = authorization
}
