import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Event } from '../../src/core/events.ts'
import { start } from '../e2e/program.ts'
import { pictureOf } from './support/gallery.ts'
import { FaultProxy } from './support/proxy.ts'
import type { Toxic } from './support/proxy.ts'
import { answer, head, rawSite } from './support/raw-site.ts'
import type { RawHandler, RawSite } from './support/raw-site.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const NO_MOUNT = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0 ? '' : 'needs root'
/** Of every wait: more than a busy machine keeps what is sound. */
const SECONDS = 3
/** What it is without --timeout. */
const DEFAULT_SECONDS = 30
/** The longest that the system's resolver can be told to wait. */
const RESOLVER_SECONDS = 30

let scene: Scene
let site: RawSite
let round: Round
const proxies: FaultProxy[] = []

/** Servers whose answers come so slowly that somebody has to end them. */
const HANGS: Readonly<Record<string, RawHandler>> = {
  'silence-after-the-request': () => undefined,
  'silence-in-the-headers': ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nX-1: a\r\n'),
  'silence-after-the-headers': ({ socket }) => void socket.write(head(200, { 'content-length': 1000 })),
  'silence-in-the-body': ({ socket }) => void socket.write(answer(200, { 'content-length': 1000 }, 'hello')),
  'headers-that-drip': ({ socket }) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X: a\r\n'),
}

function drip(socket: Parameters<RawHandler>[0]['socket'], begin: string, drop: string): undefined {
  socket.write(begin)
  const timer = setInterval(() => socket.write(drop), 100)
  socket.on('close', () => clearInterval(timer))
}

/** What a link does to answers that come whole in the end. */
const LINKS: Readonly<Record<string, Toxic>> = {
  latency: { kind: 'latency', milliseconds: 100 },
  slow: { kind: 'slow', bytesPerSecond: 20_000 },
  slicer: { kind: 'slicer', bytes: 7 },
}

beforeAll(async () => {
  scene = await Scene.lasting()
  site = await rawSite()
  for (const [name, handler] of Object.entries(HANGS)) site.on(`/${name}.jpg`, handler)
  const urls = Object.keys(HANGS).map((name) => site.url(`/${name}.jpg`))
  for (const [at, [name, toxic]] of Object.entries(LINKS).entries()) {
    const path = `/link-${name}.jpg`
    const { bytes } = await pictureOf(at * 4, 100)
    scene.hold(path, bytes)
    site.on(path, () => answer(200, { 'content-length': bytes.length }, bytes))
    const proxy = await FaultProxy.open(site.port, () => toxic)
    proxies.push(proxy)
    urls.push(proxy.url(path))
  }
  // Behind all that hangs, with fewer places for the whole host.
  const { bytes } = await pictureOf(40, 30)
  scene.hold('/last.jpg', bytes)
  site.on('/last.jpg', () => answer(200, { 'content-length': bytes.length }, bytes))
  const flags = ['--timeout', String(SECONDS), '--retries', '0', '--per-host', '4']
  round = await Round.run(scene, [...urls, site.url('/last.jpg'), ...flags], {
    states: { stored: 1 + Object.keys(LINKS).length, failed: Object.keys(HANGS).length },
  })
})

afterAll(async () => {
  for (const proxy of proxies) await proxy.close()
  await site.close()
  await scene.close()
})

test.each(Object.keys(HANGS))('row 20: %s is ended by its time limit, and gives its slot back', (name) => {
  expect(round.problems).toEqual([])
  expect([round.of(`/${name}.jpg`), round.of('/last.jpg')]).toEqual(['Timeout', 'stored'])
  expect(round.end.seconds).toBeLessThan(DEFAULT_SECONDS - SECONDS)
})

test.each(Object.keys(LINKS))('row 20: a link with %s costs time, and no file', (name) => {
  expect(round.problems).toEqual([])
  expect(round.of(`/link-${name}.jpg`)).toBe('stored')
})

test('row 20: a handshake that never comes', async () => {
  const own = await Scene.open()
  const server = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const ran = await Round.run(own, [`https://127.0.0.1:${port}/a.jpg`, '--timeout', '0.5', '--retries', '0'])
  expect([ran.problems, ran.of('/a.jpg')]).toEqual([[], 'Timeout'])
  server.close()
})

test.skipIf(NO_MOUNT !== '')(`row 20: a name server that never answers [${NO_MOUNT || 'mounted'}]`, async () => {
  const own = await Scene.open()
  const silent = createSocket('udp4')
  await new Promise<void>((resolve) => silent.bind(53, '127.0.0.99', resolve))
  const file = own.library.beside('resolv.conf')
  writeFileSync(file, `nameserver 127.0.0.99\noptions timeout:${RESOLVER_SECONDS} attempts:1\n`)
  const through = ['unshare', '-m', 'sh', '-c', `mount --bind '${file}' /etc/resolv.conf && exec "$0" "$@"`]
  const args = ['http://museum.example/a.jpg', '--timeout', '1', '--retries', '0']
  const { child, finished } = start([...args, '--json', '--to', own.library.root], { through })
  // The run ends at its time limit; the process when the system's resolver gives up, which nobody can interrupt.
  let told = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    told += chunk.toString()
    if (/"event":"end".*\n/.test(told)) child.kill('SIGKILL')
  })
  const { stdout, stderr } = await finished
  silent.close()
  const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]))
  expect(events, stderr).toContainEqual(expect.objectContaining({ event: 'failed', code: 'Timeout' }))
  const end = events.at(-1)
  expect(end?.event === 'end' ? end.seconds : undefined).toBeLessThan(RESOLVER_SECONDS / 2)
  expect(await own.check({ states: { failed: 1 } })).toEqual([])
})
