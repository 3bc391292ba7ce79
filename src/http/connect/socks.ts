import { isIP, isIPv4 } from 'node:net'
import type { Socket } from 'node:net'
import { lookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import { Fault } from '../../core/errors.ts'
import type { Proxy } from './proxies.ts'

/** The replies of RFC 1928, section 6. */
const REPLIES: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'its rules forbid the connection',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'time to live expired',
  7: 'command not supported',
  8: 'address type not supported',
}

function refused(why: string): Fault {
  return new Fault('Network', `the SOCKS proxy did not connect: ${why}`)
}

/** Reads exactly so many bytes; what follows stays in the socket. */
function read(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, bytes?: Buffer): void => {
      socket.off('readable', look).off('end', ended).off('error', done).off('close', ended)
      if (bytes === undefined) reject(error)
      else resolve(bytes)
    }
    const ended = (): void => done(refused('it closed the connection'))
    const look = (): void => {
      const bytes: Buffer | null = socket.read(length)
      if (bytes !== null && bytes.length === length) done(undefined, bytes)
      else if (bytes !== null) ended()
    }
    socket.on('readable', look).on('end', ended).on('error', done).on('close', ended)
    look()
  })
}

function portBytes(port: number): Buffer {
  return Buffer.from([port >> 8, port & 255])
}

async function socks4(socket: Socket, proxy: Proxy, host: string, port: number): Promise<void> {
  const remoteName = proxy.kind === 'socks4a' && !isIPv4(host)
  const address = remoteName ? '0.0.0.1' : (await lookup(host, { family: 4 })).address
  const parts = [Buffer.from([4, 1]), portBytes(port), Buffer.from(ipaddr.IPv4.parse(address).toByteArray())]
  parts.push(Buffer.from(`${proxy.username ?? ''}\0`), Buffer.from(remoteName ? `${host}\0` : ''))
  socket.write(Buffer.concat(parts))
  const reply = await read(socket, 8)
  if (reply[1] !== 0x5a) throw refused(`reply ${reply[1]}`)
}

async function authenticate(socket: Socket, proxy: Proxy): Promise<void> {
  const withUser = proxy.username !== undefined
  socket.write(Buffer.from(withUser ? [5, 2, 0, 2] : [5, 1, 0]))
  const choice = await read(socket, 2)
  if (choice[0] !== 5) throw refused('it does not speak SOCKS 5')
  if (choice[1] === 0) return
  if (choice[1] !== 2 || !withUser) throw refused('it wants a user name and password')
  const user = Buffer.from(proxy.username ?? '')
  const password = Buffer.from(proxy.password ?? '')
  if (user.length > 255 || password.length > 255) throw refused('user name or password is longer than 255 bytes')
  socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]))
  const verdict = await read(socket, 2)
  if (verdict[1] !== 0) throw refused('user name or password is wrong')
}

function socks5Address(host: string): Buffer {
  if (isIP(host) === 0) {
    const name = Buffer.from(host)
    if (name.length > 255) throw refused('the host name is longer than 255 bytes')
    return Buffer.concat([Buffer.from([3, name.length]), name])
  }
  return Buffer.from([isIPv4(host) ? 1 : 4, ...ipaddr.parse(host).toByteArray()])
}

async function socks5(socket: Socket, proxy: Proxy, host: string, port: number): Promise<void> {
  await authenticate(socket, proxy)
  const target = proxy.kind === 'socks5' && isIP(host) === 0 ? (await lookup(host)).address : host
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), socks5Address(target), portBytes(port)]))
  const [, code = 1, , kind = 1, first = 0] = await read(socket, 5)
  if (code !== 0) throw refused(REPLIES[code] ?? `reply ${code}`)
  const addressLength = kind === 1 ? 4 : kind === 4 ? 16 : first + 1
  await read(socket, addressLength - 1 + 2)
}

/** Asks a SOCKS proxy on a fresh socket for a connection to the host; afterwards the socket speaks to the host. */
export async function socksHandshake(socket: Socket, proxy: Proxy, host: string, port: number): Promise<void> {
  if (proxy.kind === 'socks4' || proxy.kind === 'socks4a') await socks4(socket, proxy, host, port)
  else await socks5(socket, proxy, host, port)
}
