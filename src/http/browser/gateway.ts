import { hash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { Duplex } from 'node:stream'
import { TLSSocket, createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { isPrivateHost } from '../addresses.ts'
import { Connectors } from '../connect/connector.ts'
import { routeOf } from '../connect/route-of.ts'
import { Fault } from '../../core/errors.ts'
import { exchangeFault } from '../faults.ts'
import type { HttpSettings } from '../settings.ts'

/** Milliseconds to connect where the settings name none, as in the client. */
const CONNECT_MS = 8000

/** The door through which all connections of the browser leave: an HTTP proxy on loopback that only knows CONNECT. */
export interface Gateway {
  readonly port: number
  /** Nobody else on this machine may use the door: it leads through the user's proxy. */
  readonly username: string
  readonly password: string
  /** SHA-256 (base64) of the public key that the gateway shows the browser in place of the servers' certificates. */
  readonly key?: string
  /** Why the last connection to a host (`example.org:443`) could not be made. */
  faultOf(host: string): Fault | undefined
  close(): Promise<void>
}

/** A certificate that only this process has the key of, and its fingerprint. */
interface Identity {
  readonly context: SecureContext
  readonly key: string
}

/**
 * Opens the gateway. Names are looked up, private addresses refused, `--connect-to` and proxies obeyed here, by the
 * same code as for every other request. Without `--cacert` the bytes pass untouched: TLS is between the browser and
 * the server, and the browser checks the certificate. With it the gateway ends the browser's TLS under a key made for
 * this run, and begins its own to the server, whose chain and name it checks against the user's authorities alone:
 * a browser could only be told to wave through every chain that shows the authority's public certificate.
 */
export async function openGateway(settings: HttpSettings): Promise<Gateway> {
  const identity = settings.ca === undefined ? undefined : await makeIdentity()
  const door = new Door(settings, identity?.context)
  const port = await door.open()
  const { username, password } = door
  return {
    port,
    username,
    password,
    ...(identity && { key: identity.key }),
    faultOf: (host) => door.faults.get(host),
    close: () => door.close(),
  }
}

async function makeIdentity(): Promise<Identity> {
  const { generate } = await import('selfsigned')
  const {
    cert,
    private: key,
    public: pem,
  } = await generate([{ name: 'commonName', value: 'bowerbird' }], {
    keyType: 'ec',
    algorithm: 'sha256',
  })
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  return { context: createSecureContext({ cert, key }), key: hash('sha256', der, 'base64') }
}

class Door {
  readonly username = 'bowerbird'
  readonly password = randomBytes(24).toString('base64url')
  readonly faults = new Map<string, Fault>()
  readonly #settings: HttpSettings
  readonly #context: SecureContext | undefined
  readonly #connectors: Connectors
  readonly #sockets = new Set<Duplex>()
  readonly #server = createServer((_request, response) => {
    // Plain http: pages are opened over https alone, and nothing in them may fall behind that.
    response.writeHead(403).end()
  })

  constructor(settings: HttpSettings, context: SecureContext | undefined) {
    this.#settings = settings
    this.#context = context
    this.#connectors = new Connectors({
      timeout: settings.timeouts?.connect ?? CONNECT_MS,
      http2: false,
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    })
  }

  async open(): Promise<number> {
    this.#server.on('connection', (socket) => this.#keep(socket))
    this.#server.on('connect', (request, socket, head) => this.#connect(request, socket, head))
    this.#server.on('upgrade', (_request, socket) => socket.destroy())
    await new Promise<void>((resolve, reject) =>
      this.#server.once('error', reject).listen(0, '127.0.0.1', () => resolve()),
    )
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // A broken connection is the browser's to notice.
    socket.on('error', () => socket.destroy())
  }

  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const pair = Buffer.from(`${this.username}:${this.password}`).toString('base64')
    if (request.headers['proxy-authorization'] !== `Basic ${pair}`) {
      socket.end(refusal('407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="bowerbird"'))
      return
    }
    const host = request.url ?? ''
    this.#reach(host).then(
      (server) => {
        this.faults.delete(host)
        this.#keep(server)
        if (socket.destroyed) server.destroy()
        else this.#join(socket, head, server)
      },
      (thrown: unknown) => {
        this.faults.set(host, exchangeFault(thrown, { method: 'GET', url: new URL(`https://${host}`) }, false))
        socket.end(refusal('502 Bad Gateway'))
      },
    )
  }

  #join(socket: Duplex, head: Buffer, server: Socket): void {
    if (head.length > 0) socket.unshift(head)
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    const inside =
      this.#context === undefined
        ? socket
        : new TLSSocket(socket, { isServer: true, secureContext: this.#context, ALPNProtocols: ['http/1.1'] })
    const end = (): void => {
      server.destroy()
      socket.destroy()
    }
    pipeline(inside, server, end)
    pipeline(server, inside, end)
  }

  /** A connection to `HOST:PORT`: bare, or over TLS where the gateway checks certificates. */
  async #reach(host: string): Promise<Socket> {
    if (!URL.canParse(`https://${host}`)) throw new Fault('Address', `the browser asks for no host: ${host}`)
    const url = new URL(`https://${host}`)
    const route = routeOf(this.#settings, url)
    if (route.kind !== 'mapped' && isPrivateHost(url.hostname)) {
      throw new Fault('Address', `a page leads to a private place (${url.hostname}), which nobody named`)
    }
    const protocol = this.#context === undefined ? 'http:' : 'https:'
    const bare = new URL(`${protocol}//${host}`)
    const connect = this.#connectors.make(bare, route, true, () => undefined)
    const port = url.port === '' ? '443' : url.port
    const target = { hostname: url.hostname.replace(/^\[|\]$/g, ''), host: url.host, protocol, port }
    return new Promise((resolve, reject) =>
      connect(target, (...result) => (result[0] === null ? resolve(result[1]) : reject(result[0]))),
    )
  }
}

function refusal(status: string, ...headers: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, ...headers, 'Content-Length: 0', 'Connection: close', '', ''].join('\r\n')
}
