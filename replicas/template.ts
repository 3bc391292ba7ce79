import { directKey } from '../src/kit/keys.ts'
import { file, html, text } from './harness/answers.ts'
import type { Archive, Media, Still } from './harness/media.ts'
import type { Answer, Expected, Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'

/** Numbered files with all that such sites do about numbers they do not have. Made up; the zips behave as the Louvre's. */
const HOST = 'scans.example'

const PLATES: readonly Still[] = Array.from({ length: 6 }, (_, number) => ({
  format: 'jpeg',
  width: 160 + number * 16,
  height: 120,
  seed: 200 + number,
}))

function plate(number: number): Still {
  return PLATES[number % PLATES.length] ?? { format: 'jpeg', width: 160, height: 120, seed: 200 }
}

function bundle(number: number): Archive {
  const names = ['front.jpg', 'back.jpg'].slice(0, 1 + (number % 2))
  return { format: 'zip', entries: names.map((name, index) => ({ name, media: plate(number + index) })) }
}

/** Why a zip is not there; the numbers repeat every 12. */
function zip(number: number): Answer | undefined {
  switch (number % 12) {
    case 3:
      return undefined
    case 5:
      return { status: 410, body: '' }
    case 7:
      return html('<!doctype html><title>No image</title><p>This object has no image.</p>')
    case 10:
      return { status: 200, headers: { 'content-type': 'application/zip' }, body: 'no such object' }
    default:
      return file(bundle(number))
  }
}

function hasZip(number: number): boolean {
  return ![3, 5, 7, 10].includes(number % 12)
}

/** An open series: a long hole, and an end that no one tells. */
function isInSeries(number: number, scale: number): boolean {
  return number >= 1 && number <= 44 * scale && !(number > 18 && number <= 36)
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function expected(urls: readonly (readonly [string, Media | undefined])[]): Expected {
  const keyed = urls.map(([url, media]) => [directKey(url), media] as const)
  return {
    files: Object.fromEntries(keyed.flatMap(([key, media]) => (media === undefined ? [] : [[key, media]]))),
    missing: keyed.flatMap(([key, media]) => (media === undefined ? [key] : [])),
  }
}

function numbered(
  numbers: readonly number[],
  url: (number: number) => string,
  media: (number: number) => Media | undefined,
): Expected {
  return expected(numbers.map((number) => [url(number), media(number)]))
}

const zips = numbered(
  range(1, 24),
  (number) => `https://${HOST}/zip/${number}/0`,
  (number) => (hasZip(number) ? bundle(number) : undefined),
)
/** Six windows of eight: the last number is 44. */
const series = (folder: string): Expected =>
  numbered(
    range(1, 48),
    (number) => `https://${HOST}/${folder}/${number}.jpg`,
    (number) => (isInSeries(number, 1) ? plate(number) : undefined),
  )

function padded(number: number): string {
  return String(number).padStart(3, '0')
}

function inSeries(name: string | undefined, scale: number): Answer | undefined {
  const number = Number(/^(\d+)\.jpg$/.exec(name ?? '')?.[1])
  return isInSeries(number, scale) ? file(plate(number)) : undefined
}

export const replica: Replica = {
  name: 'template',
  hosts: [HOST],
  make: ({ scale }) =>
    new Router()
      .get(HOST, '/zip/:number/0', ({ params }) => {
        const number = Number(params['number'])
        return number >= 1 && number <= 24 * scale ? zip(number) : undefined
      })
      .get(HOST, '/plates/:name', ({ params }) => {
        const number = Number(/^plate-(\d{3})\.jpg$/.exec(params['name'] ?? '')?.[1])
        return number >= 1 && number <= 10 && number !== 4 ? file(plate(number)) : undefined
      })
      .get(HOST, '/:album/:side/:page', ({ params }) =>
        params['album'] === 'albums' && ['recto', 'verso'].includes(params['side'] ?? '')
          ? file(plate(Number(params['page'])))
          : undefined,
      )
      .get(HOST, '/series/:name', ({ params }) => inSeries(params['name'], scale))
      .get(HOST, '/no-head/:name', ({ method, params }) =>
        method === 'HEAD' ? text('', 'text/plain', { status: 405 }) : inSeries(params['name'], scale),
      )
      .get(HOST, '/soft/:name', ({ params }) => inSeries(params['name'], scale) ?? html('<title>Nothing here</title>'))
      .get(HOST, '/walled/:name', () => text('members only', 'text/plain', { status: 403 }))
      .get(HOST, '/endless/:name', () => file(plate(1))).handler,
  targets: [
    { target: `https://${HOST}/zip/{1..24}/0`, options: { 'template.magic': 'PK' }, expected: zips },
    {
      target: `https://${HOST}/plates/plate-[001-010].jpg`,
      expected: numbered(
        range(1, 10),
        (number) => `https://${HOST}/plates/plate-${padded(number)}.jpg`,
        (number) => (number === 4 ? undefined : plate(number)),
      ),
      demo: true,
    },
    {
      target: `https://${HOST}/albums/{recto,verso}/[1-5:2]`,
      expected: expected(
        ['recto', 'verso'].flatMap((side) =>
          [1, 3, 5].map((page) => [`https://${HOST}/albums/${side}/${page}`, plate(page)] as const),
        ),
      ),
    },
    {
      target: `https://${HOST}/series/{1..}.jpg`,
      options: { 'template.window': '8' },
      expected: series('series'),
      demo: true,
    },
    { target: `template:${HOST}/series/[1-].jpg`, options: { 'template.window': '8' }, expected: series('series') },
    { target: `https://${HOST}/no-head/{1..}.jpg`, options: { 'template.window': '8' }, expected: series('no-head') },
    { target: `https://${HOST}/soft/{1..}.jpg`, options: { 'template.window': '8' }, expected: series('soft') },
  ],
  faults: {
    busy: {
      about: 'the site is busy while the end is looked for: the search waits and finds the same',
      mishaps: [
        {
          on: `${HOST}/series/*`,
          after: 5,
          times: 3,
          does: { kind: 'answer', status: 503, headers: { 'retry-after': '0' } },
        },
      ],
      target: `https://${HOST}/series/{1..}.jpg`,
      expected: series('series'),
    },
  },
}
