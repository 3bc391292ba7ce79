import { writeFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authority } from '../http/support.ts'
import { jpeg } from '../engine/pictures.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const DAY_MS = 86_400_000
const HOST = 'museum.example'

let scene: Scene
let round: Round
const servers: Server[] = []
const closing: (() => unknown)[] = []
const connections = new Map<string, number>()

async function listen(name: string, server: Server): Promise<string> {
  server.on('connection', (socket) => {
    connections.set(name, (connections.get(name) ?? 0) + 1)
    socket.on('error', () => undefined)
    closing.push(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `https://${HOST}:${(server.address() as AddressInfo).port}/${name}.jpg`
}

async function selfSigned(): Promise<{ readonly key: string; readonly cert: string }> {
  const made = await generate([{ name: 'commonName', value: HOST }], { keyType: 'ec', algorithm: 'sha256' })
  return { key: made.private, cert: made.cert }
}

beforeAll(async () => {
  scene = await Scene.lasting()
  const authorities = await authority()
  const past = { from: new Date(Date.now() - 9 * DAY_MS), to: new Date(Date.now() - DAY_MS) }
  const certificates = {
    expired: await authorities.issue([HOST], past),
    'other-name': await authorities.issue(['other.example']),
    'self-signed': await selfSigned(),
    sound: await authorities.issue([HOST]),
  }
  const body = scene.hold('/sound.jpg', jpeg('sound'))
  const urls: string[] = []
  for (const [name, tls] of Object.entries(certificates))
    urls.push(
      await listen(
        name,
        createSecureServer(tls, (_request, response) => response.end(body)),
      ),
    )
  urls.push(
    await listen(
      'closes',
      createServer((socket) => socket.once('data', () => socket.destroy())),
    ),
  )
  urls.push(
    await listen(
      'no-tls',
      createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    ),
  )
  const file = scene.library.beside('ca.pem')
  writeFileSync(file, authorities.ca)
  const leads = urls.flatMap((url) => ['--connect-to', `${HOST}:${new URL(url).port}:127.0.0.1:${new URL(url).port}`])
  round = await Round.run(scene, [...urls, ...leads, '--cacert', file, '--retries', '2'], {
    states: { stored: 1, failed: 5 },
  })
})

afterAll(async () => {
  for (const close of closing) close()
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  await scene.close()
})

test.each(['expired', 'other-name', 'self-signed'])(
  'row 26: a certificate (%s) is refused, and never tried again',
  (name) => {
    expect(round.problems).toEqual([])
    expect([round.of(`/${name}.jpg`), round.attempts(`/${name}.jpg`), connections.get(name)]).toEqual([
      'Certificate',
      1,
      1,
    ])
  },
)

test.each(['closes', 'no-tls'])('row 26: a handshake that breaks (%s) is tried again', (name) => {
  expect(round.problems).toEqual([])
  expect([round.of(`/${name}.jpg`), round.attempts(`/${name}.jpg`), connections.get(name)]).toEqual(['Network', 3, 3])
})

test('row 26: a certificate that is as it should be, beside them', () => {
  expect([round.problems, round.of('/sound.jpg')]).toEqual([[], 'stored'])
})
