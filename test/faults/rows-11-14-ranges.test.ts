import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictureOf } from './support/gallery.ts'
import { answer, rawSite } from './support/raw-site.ts'
import type { RawHandler, RawSite } from './support/raw-site.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const ETAG = '"v1"'

let scene: Scene
let site: RawSite
let round: Round

/** A picture, another one, and where the first answer breaks off. */
interface Pictures {
  readonly old: Buffer
  readonly now: Buffer
  readonly cut: number
}

interface Case {
  readonly name: string
  /** What the server holds in the end. */
  readonly holds: 'old' | 'now'
  /** Requests in all. */
  readonly requests: number
  /** The second answer, to `Range: bytes=CUT-`; the third one is whole. */
  readonly second: (pictures: Pictures) => Buffer
}

function rest({ old, cut }: Pictures, headers: Readonly<Record<string, string | number>>, from = cut): Buffer {
  const range = `bytes ${from}-${old.length - 1}/${old.length}`
  const body = old.subarray(from)
  return answer(206, { 'content-length': body.length, 'content-range': range, etag: ETAG, ...headers }, body)
}

function whole(bytes: Buffer, etag = ETAG): Buffer {
  return answer(200, { 'content-length': bytes.length, etag }, bytes)
}

function multipart({ old, cut }: Pictures): Buffer {
  const part = `--x\r\nContent-Type: image/jpeg\r\nContent-Range: bytes ${cut}-${old.length - 1}/${old.length}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(part), old.subarray(cut), Buffer.from('\r\n--x--\r\n')])
  return answer(
    206,
    { 'content-length': body.length, 'content-type': 'multipart/byteranges; boundary=x', etag: ETAG },
    body,
  )
}

const ROW_11: readonly Case[] = [
  { name: 'begins-earlier', holds: 'old', requests: 3, second: (p) => rest(p, {}, p.cut - 500) },
  { name: 'begins-later', holds: 'old', requests: 3, second: (p) => rest(p, {}, p.cut + 500) },
  {
    name: 'claims-our-start-with-other-bytes',
    holds: 'old',
    requests: 3,
    second: (p) => rest(p, { 'content-range': `bytes ${p.cut}-${p.cut + 99}/${p.old.length}`, 'content-length': 100 }),
  },
  {
    name: 'has-no-content-range',
    holds: 'old',
    requests: 3,
    second: ({ old, cut }) => answer(206, { 'content-length': old.length - cut, etag: ETAG }, old.subarray(cut)),
  },
  {
    name: 'has-another-total',
    holds: 'old',
    requests: 3,
    second: (p) => rest(p, { 'content-range': `bytes ${p.cut}-${p.old.length - 1}/${p.old.length + 7}` }),
  },
  { name: 'has-several-parts', holds: 'old', requests: 3, second: multipart },
]

const ROW_12: readonly Case[] = [
  { name: 'whole-anew', holds: 'now', requests: 2, second: ({ now }) => whole(now, '"v2"') },
  { name: 'rest-of-another', holds: 'now', requests: 3, second: (p) => rest(p, { etag: '"v2"' }) },
]

const ROW_13: readonly Case[] = [{ name: 'range-ignored', holds: 'old', requests: 2, second: ({ old }) => whole(old) }]

const ROW_14: readonly Case[] = [
  {
    name: 'complete',
    holds: 'old',
    requests: 3,
    second: ({ old }) => answer(416, { 'content-range': `bytes */${old.length}`, 'content-length': 3 }, '416'),
  },
  {
    name: 'too-long',
    holds: 'now',
    requests: 3,
    second: ({ now }) => answer(416, { 'content-range': `bytes */${now.length}`, 'content-length': 3 }, '416'),
  },
]

const CASES = [...ROW_11, ...ROW_12, ...ROW_13, ...ROW_14]
const pathOf = ({ name }: Case): string => `/${name}.jpg`

function handlerOf(one: Case, pictures: Pictures): RawHandler {
  const { old, cut } = pictures
  return ({ before }) => {
    if (before === 1) return one.second(pictures)
    if (before > 1) return whole(pictures[one.holds], one.holds === 'old' ? ETAG : '"v2"')
    // All bytes of it came, and the last chunk is missing: nobody knows that it is complete.
    if (one.name === 'complete') {
      const body = Buffer.concat([Buffer.from(`${old.length.toString(16)}\r\n`), old])
      return answer(200, { 'transfer-encoding': 'chunked', etag: ETAG }, body)
    }
    return answer(200, { 'content-length': old.length, etag: ETAG }, old.subarray(0, cut))
  }
}

beforeAll(async () => {
  scene = await Scene.lasting()
  site = await rawSite()
  for (const [at, one] of CASES.entries()) {
    const { bytes: old } = await pictureOf(at * 8, 80)
    const { bytes: now } = await pictureOf(at * 8 + 4, 40)
    const pictures = { old, now, cut: Math.floor(old.length / 2) }
    scene.hold(pathOf(one), pictures[one.holds])
    site.on(pathOf(one), handlerOf(one, pictures))
  }
  const urls = CASES.map((one) => site.url(pathOf(one)))
  round = await Round.run(scene, [...urls, '--retries', '3', '--timeout', '5'], { states: { stored: CASES.length } })
})

afterAll(async () => {
  await site.close()
  await scene.close()
})

function expectWhole(one: Case): void {
  expect(round.problems).toEqual([])
  expect([round.of(pathOf(one)), site.count(pathOf(one))]).toEqual(['stored', one.requests])
  const asked = site.log.filter(({ path }) => path === pathOf(one))
  expect(asked.map(({ from }) => from !== undefined)).toEqual([false, true, false].slice(0, one.requests))
  expect(asked[1]?.request).toContain(`if-range: ${ETAG}`)
}

test.each(ROW_11)('row 11: a 206 that $name is never appended: begun anew', expectWhole)

test.each(ROW_12)(
  'row 12: changed on the server between two parts ($name): replaced as a whole, never mixed',
  expectWhole,
)

test.each(ROW_13)('row 13: $name: from zero, without a double beginning', expectWhole)

test.each(ROW_14)('row 14: 416 on a partial that is $name: fetched again, its body never stored', expectWhole)
