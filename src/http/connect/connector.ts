import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import type { LookupFunction, OnReadOpts, Socket } from 'node:net'
import { checkServerIdentity, createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { Client, buildConnector } from 'undici'
import { isPublicAddress } from '../addresses.ts'
import { Fault } from '../../core/errors.ts'
import { proxyAuthorization } from './proxies.ts'
import type { Proxy } from './proxies.ts'
import type { Reading } from './reading.ts'
import { socksHandshake } from './socks.ts'

/** How an origin is reached. */
export type Route =
  | { readonly kind: 'direct' }
  /** `--connect-to` names the place. */
  | { readonly kind: 'mapped'; readonly host: string; readonly port: number }
  /** Plain http through an HTTP proxy, in absolute form. */
  | { readonly kind: 'forward'; readonly proxy: Proxy }
  /** A connection through the proxy: CONNECT, or SOCKS. */
  | { readonly kind: 'tunnel'; readonly proxy: Proxy; readonly host: string; readonly port: number }

export interface ConnectSettings {
  /** Milliseconds for name, connection and TLS together. */
  readonly timeout: number
  readonly ca?: string
  readonly http2: boolean
}

type Connector = buildConnector.connector
type Target = buildConnector.Options

function privateAddress(what: string): Fault {
  return new Fault('Address', `${what} is a private address, and nobody named it`, {
    advice: 'if it is meant, give its URL as a target yourself',
  })
}

/** Resolves names to public addresses alone; a name that has no other ones is refused before any packet goes out. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const open = (found ?? []).filter((one) => isPublicAddress(one.address))
    const [first] = open
    if (error !== null) callback(error, '', 0)
    else if (first === undefined) callback(privateAddress(`What ${hostname} resolves to`), '', 0)
    else if (options.all === true) callback(null, open)
    else callback(null, first.address, first.family)
  })
}

/** Makes the functions that open connections. Every connection of this program is made here. */
export class Connectors {
  readonly #settings: ConnectSettings
  #context: SecureContext | undefined
  #proxyConnector: Connector | undefined
  readonly #reading: { readonly onread?: OnReadOpts }

  /** Without `reading` each connection reads into buffers of its own. */
  constructor(settings: ConnectSettings, reading?: Reading) {
    this.#settings = settings
    // HTTP/2 reads from the handle itself.
    this.#reading = settings.http2 || reading === undefined ? {} : { onread: reading.options() }
  }

  /**
   * For the pool of one origin. `guarded`: only to public addresses, checked on what is connected to, not on the
   * name. `reached` hears whether a direct connection led to a public address. `timeout`: what a source advises for
   * the host, milliseconds.
   */
  make(
    origin: URL,
    route: Route,
    guarded: boolean,
    reached: (isPublic: boolean) => void,
    timeout: number = this.#settings.timeout,
  ): Connector {
    const bare = origin.hostname.replace(/^\[|\]$/g, '')
    const identity: buildConnector.BuildOptions =
      isIP(bare) === 0 ? {} : { checkServerIdentity: (_host, certificate) => checkServerIdentity(bare, certificate) }
    // TLS hands over 16 KiB at a time: there is little to save, and its records are not to share a buffer.
    const plain = origin.protocol === 'http:'
    const base = plain ? { ...this.#reading, timeout } : { ...this.#tls(), timeout }
    switch (route.kind) {
      case 'direct':
        return this.#direct(buildConnector({ ...base, ...(guarded ? { lookup: lookupPublic } : {}) }), guarded, reached)
      case 'mapped': {
        const open = buildConnector({ ...base, ...identity })
        return (target, callback) => open({ ...target, hostname: route.host, port: String(route.port) }, callback)
      }
      case 'forward':
        return (_target, callback) => this.#toProxy()(proxyTarget(route.proxy), callback)
      case 'tunnel':
        return this.#tunnelled(buildConnector({ ...this.#tls(), ...identity, timeout }), route)
      default:
        return route satisfies never
    }
  }

  /** One context for all connections, made for the first: reading the certificates costs more than a handshake. */
  #tls(): buildConnector.BuildOptions {
    const { ca, http2, timeout } = this.#settings
    this.#context ??= createSecureContext(ca === undefined ? {} : { ca })
    return { secureContext: this.#context, allowH2: http2, preferH2: http2, timeout }
  }

  #toProxy(): Connector {
    this.#proxyConnector ??= buildConnector({ ...this.#tls(), allowH2: false })
    return this.#proxyConnector
  }

  #direct(open: Connector, guarded: boolean, reached: (isPublic: boolean) => void): Connector {
    return (target, callback) => {
      if (guarded && isIP(target.hostname) !== 0 && !isPublicAddress(target.hostname)) {
        callback(privateAddress(target.hostname), null)
        return
      }
      open(target, (...result) => {
        if (result[0] !== null) {
          callback(result[0], null)
          return
        }
        const [, socket] = result
        const isPublic = isPublicAddress(socket.remoteAddress ?? '')
        reached(isPublic)
        if (isPublic || !guarded) {
          callback(null, socket)
          return
        }
        socket.destroy()
        callback(privateAddress(`What ${target.hostname} leads to`), null)
      })
    }
  }

  #tunnelled(secure: Connector, route: Extract<Route, { kind: 'tunnel' }>): Connector {
    return (target, callback) => {
      const open = route.proxy.kind === 'http' ? this.#connectTunnel(route) : this.#socksTunnel(route)
      open.then(
        (socket) => {
          if (target.protocol === 'https:') secure({ ...target, httpSocket: socket }, callback)
          else callback(null, socket)
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      )
    }
  }

  async #connectTunnel({ proxy, host, port }: Extract<Route, { kind: 'tunnel' }>): Promise<Socket> {
    const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
    const authorization = proxyAuthorization(proxy)
    const client = new Client(
      `${proxy.tls ? 'https' : 'http'}://${isIP(proxy.host) === 6 ? `[${proxy.host}]` : proxy.host}:${proxy.port}`,
      {
        connect: this.#toProxy(),
        headersTimeout: this.#settings.timeout,
      },
    )
    const { statusCode, socket } = await client.connect({
      path: authority,
      headers: { host: authority, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
    })
    if (statusCode !== 200) {
      socket.destroy()
      throw new Fault(
        'Network',
        `the proxy ${proxy.host} refused a connection to ${authority} (status ${statusCode})`,
        {
          status: statusCode,
          ...(statusCode === 407
            ? { advice: 'it wants a user name and password: --proxy http://USER:PASSWORD@HOST:PORT' }
            : {}),
        },
      )
    }
    return socket as Socket
  }

  async #socksTunnel({ proxy, host, port }: Extract<Route, { kind: 'tunnel' }>): Promise<Socket> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      this.#toProxy()(proxyTarget(proxy), (...result) => {
        if (result[0] === null) resolve(result[1])
        else reject(result[0])
      })
    })
    const late = new Fault('Timeout', `the SOCKS proxy ${proxy.host} did not connect in time`)
    const timer = setTimeout(() => socket.destroy(late), this.#settings.timeout)
    try {
      await socksHandshake(socket, proxy, host, port)
      return socket
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

function proxyTarget(proxy: Proxy): Target {
  return {
    hostname: proxy.host,
    host: proxy.host,
    protocol: proxy.tls ? 'https:' : 'http:',
    port: String(proxy.port),
  }
}
