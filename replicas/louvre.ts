import { directKey } from '../src/kit/keys.ts'
import { file, html, json, text, xml } from './harness/answers.ts'
import type { Media } from './harness/media.ts'
import type { Answer, Handler, Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'
import { CHALLENGE, recordJson, searchPage, sitemap, sitemapIndex } from './louvre/answers.ts'
import type { MuseumRecord } from './louvre/museum.ts'
import { RECORDS, ZIPS, archiveOf, moreRecords } from './louvre/museum.ts'

const HOST = 'collections.louvre.fr'
/** Short here, so that paging happens; whoever asks for 100 gets no more either. */
const SEARCH_PAGE = 3
/** The real ones hold about 20,000 records. */
const SITEMAP_RECORDS = 20_000

function make(scale: number): Handler {
  const records = [...RECORDS, ...moreRecords(scale)]
  const byArk = new Map(records.map((record) => [record.ark, record]))
  const photographs = new Map(
    [...records, MOVED].flatMap((record) => record.photographs.map(({ path, media }) => [path, media])),
  )
  const maps = sitemaps(records)
  const router = new Router()
  for (const language of ['', '/en']) {
    router
      .get(HOST, `${language}/ark:/53355/:ark.json`, ({ params }) =>
        answerFor(byArk.get(params['ark'] ?? ''), (record) => json(recordJson(record))),
      )
      .get(HOST, `${language}/ark:/53355/:ark`, ({ params }) => answerFor(byArk.get(params['ark'] ?? ''), recordPage))
      .get(HOST, `${language}/recherche`, ({ url }) => {
        const found = search(records, url.searchParams.get('q') ?? '')
        return html(searchPage(found, Number(url.searchParams.get('page') ?? 1), SEARCH_PAGE, language))
      })
  }
  return router
    .get(HOST, '/sitemap.xml', () => xml(sitemapIndex(maps.length)))
    .get(HOST, '/media/sitemap/sitemap:number.xml', ({ params }) =>
      answerFor(maps[Number(params['number'])], (list) => xml(sitemap(list))),
    )
    .get(HOST, '/media/cache/*path', ({ params }) =>
      answerFor(photographs.get(params['path'] ?? '') ?? thumbnail(params['path'] ?? ''), (media) => file(media)),
    )
    .get(HOST, '/en/artwork/image/download/:number/0', ({ params }) => zip(Number(params['number'])))
    .get(HOST, '/robots.txt', () =>
      text(`Sitemap: https://${HOST}/sitemap.xml\nUser-agent: *\nDisallow: /search/export\n`),
    ).handler
}

function search(records: readonly MuseumRecord[], query: string): readonly MuseumRecord[] {
  return records.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()))
}

/** The drawings have files of their own. */
function sitemaps(records: readonly MuseumRecord[]): readonly (readonly MuseumRecord[])[] {
  const kinds = [records.filter(({ drawing }) => !drawing), records.filter(({ drawing }) => drawing)]
  return kinds.flatMap((kind) =>
    Array.from({ length: Math.ceil(kind.length / SITEMAP_RECORDS) }, (_, part) =>
      kind.slice(part * SITEMAP_RECORDS, (part + 1) * SITEMAP_RECORDS),
    ),
  )
}

function answerFor<T>(found: T | undefined, answer: (found: T) => Answer): Answer {
  return found === undefined ? html('<!doctype html><title>Page non trouvée</title>', { status: 404 }) : answer(found)
}

function recordPage({ title }: MuseumRecord): Answer {
  return html(`<!doctype html><title>${title} - Louvre Collections</title>`)
}

function thumbnail(path: string): Media | undefined {
  return path.startsWith('small/') ? { format: 'jpeg', width: 60, height: 45, seed: 3 } : undefined
}

/** Known from 2021 as archives and 404s; the two others are what else an absent one might be. */
function zip(number: number): Answer {
  if (number === ZIPS.there) return file(archiveOf(THERE))
  if (number === ZIPS.page) return html('<!doctype html><title>Conditions</title>')
  if (number === ZIPS.noZip) return text('nothing', 'application/octet-stream')
  return answerFor(undefined, () => text(''))
}

function recordOf(ark: string): MuseumRecord {
  const record = RECORDS.find((each) => each.ark === ark)
  if (record === undefined) throw new Error(`the replica has no ${ark}`)
  return record
}

const THERE = recordOf('cl010062370')

/** The same record when the museum serves its photographs in their own size: other addresses of the same images. */
const MOVED: MuseumRecord = {
  ...THERE,
  photographs: THERE.photographs.map((photograph) => ({
    ...photograph,
    path: photograph.path.replace('large/', 'original/'),
  })),
}

function filesOf(...arks: readonly string[]): Readonly<Record<string, Media>> {
  return Object.fromEntries(
    arks
      .map(recordOf)
      .flatMap(({ ark, photographs }) => photographs.map(({ id, media }) => [`louvre:${ark}/${id}`, media])),
  )
}

function zipKey(number: number): string {
  return directKey(`https://${HOST}/en/artwork/image/download/${number}/0`)
}

const DRAWINGS = RECORDS.filter(({ drawing }) => drawing).map(({ ark }) => ark)
const ALL = filesOf(...RECORDS.map(({ ark }) => ark))

export const replica: Replica = {
  name: 'louvre',
  hosts: [HOST],
  make: ({ scale }) => make(scale),
  targets: [
    { target: 'louvre:all', expected: { files: ALL }, demo: true },
    { target: `https://${HOST}/`, expected: { files: ALL } },
    { target: 'louvre:cl010062370', expected: { files: filesOf('cl010062370') } },
    { target: `https://${HOST}/en/ark:/53355/cl020009259`, expected: { files: filesOf('cl020009259') } },
    { target: `https://${HOST}/ark:/53355/cl010277627.json`, expected: { files: filesOf('cl010277627') } },
    {
      target: 'louvre:cl010000006-cl010000010',
      expected: { files: filesOf('cl010000006', 'cl010000007', 'cl010000010'), missing: ['louvre:cl010000009'] },
    },
    {
      target: `louvre:zip/${ZIPS.there}-${ZIPS.noZip}`,
      expected: {
        files: { [zipKey(ZIPS.there)]: archiveOf(THERE) },
        missing: [ZIPS.notFound, ZIPS.page, ZIPS.noZip].map(zipKey),
      },
      demo: true,
    },
    {
      target: `https://${HOST}/en/artwork/image/download/${ZIPS.there}/0`,
      expected: { files: { [zipKey(ZIPS.there)]: archiveOf(THERE) } },
    },
    { target: 'louvre:cl010000008', expected: { files: {} } },
    { target: `https://${HOST}/media/sitemap/sitemap1.xml`, expected: { files: filesOf(...DRAWINGS) } },
    { target: `https://${HOST}/en/recherche?q=&typology%5B0%5D=22&page=2`, expected: { files: ALL } },
    { target: 'louvre:search/étude', expected: { files: filesOf('cl020009259') } },
    { target: 'louvre:search/walrus', expected: { files: {} } },
    { target: `https://${HOST}/search/export`, expected: { files: {}, fault: 'Blocked' } },
  ],
  faults: {
    challenge: {
      about: 'since autumn 2026: searches are answered with a challenge',
      mishaps: [
        {
          on: `${HOST}/en/recherche`,
          does: { kind: 'answer', status: 429, headers: { 'content-type': 'text/html' }, body: CHALLENGE },
        },
      ],
      target: 'louvre:search/étude',
      expected: { files: {}, fault: 'Blocked' },
    },
    'image-moved': {
      about: 'an address that was listed is no longer good: its record tells the new one',
      mishaps: [
        ...THERE.photographs.map(
          ({ path }) =>
            ({
              on: `${HOST}/media/cache/${path}`,
              does: { kind: 'answer', status: 404, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
            }) as const,
        ),
        {
          on: `${HOST}/ark:/53355/${THERE.ark}.json`,
          after: 1,
          does: {
            kind: 'answer',
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(recordJson(MOVED)),
          },
        },
      ],
      target: `louvre:${THERE.ark}`,
      expected: { files: filesOf(THERE.ark) },
    },
    dropped: {
      about: 'connections break off in bursts, and work when tried again (2024)',
      mishaps: [{ on: `${HOST}/ark:/53355/cl010062370.json`, times: 2, does: { kind: 'reset' } }],
      target: 'louvre:cl010062370',
      expected: { files: filesOf('cl010062370') },
    },
    'image-gone': {
      about: 'an image of a record is not there: the others are collected',
      mishaps: [
        {
          on: `${HOST}/media/cache/large/0000000021/0000062370/0000062002_OG.JPG`,
          does: { kind: 'answer', status: 404, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
        },
      ],
      target: 'louvre:cl010062370',
      expected: {
        files: Object.fromEntries(
          Object.entries(filesOf('cl010062370')).filter(([key]) => !key.endsWith('0000062002')),
        ),
        failed: { 'louvre:cl010062370/0000062002': 'Gone' },
      },
    },
  },
}
