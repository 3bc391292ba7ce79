import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictureOf } from './support/gallery.ts'
import { answer, head, rawSite } from './support/raw-site.ts'
import type { RawAsked, RawHandler, RawSite } from './support/raw-site.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const GIB = 1024 ** 3

let scene: Scene
let site: RawSite
let round: Round
let sent = 0

/** Writes for as long as somebody listens. */
function endless({ socket }: RawAsked, begin: string, block: Buffer): undefined {
  socket.write(begin)
  const more = (): void => {
    sent += block.length
    if (!socket.destroyed) socket.write(block, () => setImmediate(more))
  }
  more()
}

const hello = (headers: string): string => `HTTP/1.1 200 OK\r\n${headers}Content-Length: 5\r\n\r\nhello`

const ENDLESS: Readonly<Record<string, RawHandler>> = {
  'no-length': (asked) => endless(asked, head(200, { 'content-type': 'image/jpeg' }), Buffer.alloc(65_536, 7)),
  chunks: (asked) =>
    endless(
      asked,
      head(200, { 'transfer-encoding': 'chunked' }),
      Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 7), Buffer.from('\r\n')]),
    ),
  '10-gb-announced': () => answer(200, { 'content-type': 'image/jpeg', 'content-length': 10 * GIB }, 'x'),
}

const HEADS: readonly (readonly [string, string, RawHandler])[] = [
  ['a header of 100 KB', 'BadResponse', () => hello(`X: ${'a'.repeat(100_000)}\r\n`)],
  ['10,000 headers', 'BadResponse', () => hello(Array.from({ length: 10_000 }, (_, at) => `X-${at}: v\r\n`).join(''))],
  ['a NUL in a header', 'BadResponse', () => hello('X: a\0b\r\n')],
  ['a CR in a header', 'BadResponse', () => hello('X: a\rb\r\n')],
  ['HTTP/0.9', 'BadResponse', () => 'hello'],
  ['status 999', 'Network', () => answer(999, { 'content-length': 0 })],
  ['status 1', 'BadResponse', () => 'HTTP/1.1 1 OK\r\nContent-Length: 0\r\n\r\n'],
  [
    'interim answers without end',
    'BadResponse',
    (asked) => endless(asked, '', Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n')),
  ],
]

const headPath = (at: number): string => `/head-${at}.jpg`

beforeAll(async () => {
  scene = await Scene.lasting()
  site = await rawSite()
  for (const [name, handler] of Object.entries(ENDLESS)) site.on(`/endless-${name}.jpg`, handler)
  for (const [at, [, , handler]] of HEADS.entries()) site.on(headPath(at), handler)
  const { bytes } = await pictureOf(0, 40)
  scene.hold('/sound.jpg', bytes)
  site.on('/sound.jpg', () => answer(200, { 'content-length': bytes.length }, bytes))
  const paths = [...Object.keys(ENDLESS).map((name) => `/endless-${name}.jpg`), ...HEADS.map((_, at) => headPath(at))]
  const flags = ['--max-size', '1M', '--retries', '0', '--timeout', '5', '-j', '2']

  round = await Round.run(scene, [...[...paths, '/sound.jpg'].map((path) => site.url(path)), ...flags], {
    states: { failed: paths.length, stored: 1 },
  })
})

afterAll(async () => {
  await site.close()
  await scene.close()
})

test.each(Object.keys(ENDLESS))(
  'row 22: a body that never ends (%s) is stopped at --max-size, counted while it comes',
  (name) => {
    expect(round.problems).toEqual([])
    expect(round.of(`/endless-${name}.jpg`)).toBe('TooLarge')
    expect(sent).toBeLessThan(64 * 1024 ** 2)
  },
)

test.each(HEADS.map(([name, code], at) => [name, code, headPath(at)]))(
  'row 23: %s: a clean %s, and the program lives',
  (_name, code, path) => {
    expect(round.problems).toEqual([])
    expect([round.of(path), round.of('/sound.jpg')]).toEqual([code, 'stored'])
    expect([round.status, round.finished.stderr]).toEqual([3, expect.not.stringMatching(/^\s+at /m)])
  },
)
