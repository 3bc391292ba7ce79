import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictureOf } from './support/gallery.ts'
import { FaultProxy } from './support/proxy.ts'
import { answer, rawSite } from './support/raw-site.ts'
import type { RawAsked, RawHandler, RawSite } from './support/raw-site.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const ETAG = '"v1"'
/** Tries of what fails for ever: one and two more. */
const TRIES = 3

let scene: Scene
let site: RawSite
let proxy: FaultProxy
let round: Round
let numbers = 0

/** Puts a picture of its own at a path; `fault` answers the first request, `then` the others. */
async function put(path: string, fault: (bytes: Buffer, asked: RawAsked) => ReturnType<RawHandler>, always = false) {
  numbers += 4
  // Every format has its own way to be cut; by default a JPEG.
  const format = ['jpg', 'png', 'gif', 'webp'].indexOf(path.split('.').at(-1) ?? '')
  const { bytes } = await pictureOf(numbers + Math.max(0, format), 100)
  scene.hold(path, bytes)
  sizes.set(path, bytes.length)
  site.on(path, (asked) => (always || asked.before === 0 ? fault(bytes, asked) : wholeOrRest(bytes, asked)))
}

function wholeOrRest(bytes: Buffer, { from }: RawAsked): Buffer {
  if (from === undefined) return answer(200, { 'content-length': bytes.length, etag: ETAG }, bytes)
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
  const headers = { 'content-length': bytes.length - from, 'content-range': range, etag: ETAG }
  return answer(206, headers, bytes.subarray(from))
}

const sizes = new Map<string, number>()
const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2))

/** Sends the beginning of an answer, and resets the connection once it is on its way. */
function thenReset(bytes: Buffer, { socket }: RawAsked): undefined {
  socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), 50))
}

/** Lengths that contradict each other or are none (curl 771, 178, 394, 768). */
const LENGTHS = ['5\r\nContent-Length: 7', '-5', 'many', '5, 7', '+5', '0x10', '99999999999999999999999'] as const

/** Bodies in chunks that end early or are none (curl 36, 207, 1416). */
const CHUNKS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  cut: (bytes) => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), half(bytes)]),
  'without-end': (bytes) => Buffer.concat([chunk(bytes)]),
  'bad-size': (bytes) => Buffer.concat([chunk(half(bytes)), Buffer.from('xyz\r\nabc\r\n0\r\n\r\n')]),
  'huge-size': (bytes) => Buffer.concat([Buffer.from('ffffffffffffffffffff\r\n'), bytes]),
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

async function putResets(): Promise<void> {
  const begun = (bytes: Buffer, more = {}): Buffer =>
    answer(200, { 'content-length': bytes.length, ...more }, half(bytes))
  await put('/1/resumed.jpg', (bytes, asked) => thenReset(begun(bytes, { etag: ETAG }), asked))
  await put('/1/anew.jpg', (bytes, asked) => thenReset(begun(bytes), asked))
  await put('/1/always.jpg', (bytes, asked) => thenReset(begun(bytes), asked), true)
}

async function putLengths(): Promise<void> {
  await put('/2/once.jpg', (bytes) => answer(200, { 'content-length': bytes.length }, half(bytes)))
  await put('/2/always.jpg', (bytes) => answer(200, { 'content-length': bytes.length }, half(bytes)), true)
  await put(
    '/3/more.jpg',
    (bytes, { socket }) => {
      // Kept open: what stands behind the body is an answer that nobody asked for. It comes with the body: later it
      // could be taken for that of the next request.
      const evil = answer(200, { 'content-length': 4 }, 'evil')
      socket.write(Buffer.concat([answer(200, { 'content-length': bytes.length }, bytes), evil]))
      return undefined
    },
    true,
  )
  await put('/3/less.jpg', (bytes) => answer(200, { 'content-length': half(bytes).length }, bytes), true)
  for (const [at, length] of LENGTHS.entries())
    await put(`/4/${at}.jpg`, (bytes) => answer(200, { 'content-length': length }, bytes), true)
}

async function putBodies(): Promise<void> {
  for (const [name, body] of Object.entries(CHUNKS)) {
    const chunked = (bytes: Buffer): Buffer => answer(200, { 'transfer-encoding': 'chunked' }, body(bytes))
    await put(`/5/${name}.jpg`, chunked, true)
    await put(`/5/once-${name}.jpg`, chunked)
  }
  for (const format of ['jpg', 'png', 'gif', 'webp']) {
    const cut = (bytes: Buffer): Buffer => answer(200, {}, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
    await put(`/6/cut.${format}`, cut, true)
    await put(`/6/once.${format}`, cut)
    await put(`/6/whole.${format}`, (bytes) => answer(200, {}, bytes), true)
  }
}

beforeAll(async () => {
  scene = await Scene.lasting()
  site = await rawSite()
  await putResets()
  await putLengths()
  await putBodies()
  // One request a connection: each picture is reset once.
  proxy = await FaultProxy.open(site.port, (at) => (at < 6 ? { kind: 'reset', bytes: 4000 } : undefined))
  for (let at = 1; at <= 6; at += 1) await put(`/1/proxy-${at}.jpg`, (bytes, asked) => wholeOrRest(bytes, asked), true)
  const paths = [...scene.held.keys()]
  const urls = paths.map((path) => (path.includes('proxy') ? proxy.url(path) : site.url(path)))
  const flags = ['-j', '12', '--retries', String(TRIES - 1), '--timeout', '5']
  round = await Round.run(scene, [...urls, ...flags], { states: { stored: 22, failed: 18 } })
})

afterAll(async () => {
  await proxy.close()
  await site.close()
  await scene.close()
})

function froms(path: string): readonly (number | undefined)[] {
  return site.log.filter((one) => one.path === path).map(({ from }) => from)
}

test('row 1: a reset after some bytes: goes on there where the server proves that nothing changed, else begins anew', () => {
  expect(round.problems).toEqual([])
  expect([round.of('/1/resumed.jpg'), round.of('/1/anew.jpg')]).toEqual(['stored', 'stored'])
  expect(froms('/1/resumed.jpg')).toEqual([undefined, Math.floor((sizes.get('/1/resumed.jpg') ?? 0) / 2)])
  expect(froms('/1/anew.jpg')).toEqual([undefined, undefined])
  expect([round.of('/1/always.jpg'), round.attempts('/1/always.jpg')]).toEqual(['Truncated', TRIES])
})

test('row 1: resets on the way cost no file', () => {
  expect(round.problems).toEqual([])
  for (let at = 1; at <= 6; at += 1) expect(round.of(`/1/proxy-${at}.jpg`)).toBe('stored')
  expect(site.log.filter(({ path }) => path.includes('proxy')).length).toBeGreaterThan(6)
})

test('row 2: an end before the announced length is no success: tried again, then failed as truncated', () => {
  expect(round.problems).toEqual([])
  expect([round.of('/2/once.jpg'), site.count('/2/once.jpg')]).toEqual(['stored', 2])
  expect([round.of('/2/always.jpg'), round.attempts('/2/always.jpg')]).toEqual(['Truncated', TRIES])
})

test('row 3: more bytes than announced: the announced ones are the file, if they are sound; the connection is not used again', () => {
  expect(round.problems).toEqual([])
  expect([round.of('/3/more.jpg'), site.count('/3/more.jpg')]).toEqual(['stored', 1])
  const connection = site.log.find(({ path }) => path === '/3/more.jpg')?.socket
  expect(site.log.filter(({ socket }) => socket === connection).at(-1)?.path).toBe('/3/more.jpg')
  expect([round.of('/3/less.jpg'), round.attempts('/3/less.jpg')]).toEqual(['Damaged', TRIES])
})

test.each(LENGTHS.map((length, at) => [JSON.stringify(length), at]))('row 4: a length of %s', (_length, at) => {
  expect(round.problems).toEqual([])
  expect(round.of(`/4/${at}.jpg`)).toMatch(/^(BadResponse|TooLarge)$/)
})

test.each(Object.keys(CHUNKS))('row 5: chunks that are %s: tried again, then failed', (name) => {
  expect(round.problems).toEqual([])
  expect([round.of(`/5/once-${name}.jpg`), site.count(`/5/once-${name}.jpg`)]).toEqual(['stored', 2])
  expect(round.of(`/5/${name}.jpg`)).toMatch(/^(Truncated|BadResponse)$/)
  expect(round.attempts(`/5/${name}.jpg`)).toBe(TRIES)
})

test.each(['jpg', 'png', 'gif', 'webp'])(
  'row 6: a %s without a length that ends at three fifths is damaged; a whole one is stored',
  (format) => {
    expect(round.problems).toEqual([])
    expect([round.of(`/6/cut.${format}`), round.attempts(`/6/cut.${format}`)]).toEqual(['Damaged', TRIES])
    expect([round.of(`/6/once.${format}`), site.count(`/6/once.${format}`)]).toEqual(['stored', 2])
    expect(round.of(`/6/whole.${format}`)).toBe('stored')
  },
)
