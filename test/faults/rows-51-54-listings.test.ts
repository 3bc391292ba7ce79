import { get } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Mishap } from '../../replicas/harness/mishaps.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { sha256 } from '../engine/pictures.ts'
import { replicasOf } from './support/replicas.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const LOUVRE = 'collections.louvre.fr'
const XML = { 'content-type': 'application/xml' }

/** `&i;` is 10 × `&h;`, which is 10 × `&g;` … */
function laughs(): string {
  const names = 'abcdefghi'
  const entities = Array.from(names, (name, at) => {
    const inner = at === 0 ? 'ha'.repeat(10) : `&${names[at - 1]};`.repeat(10)
    return `<!ENTITY ${name} "${inner}">`
  })
  return `<?xml version="1.0"?><!DOCTYPE x [${entities.join('')}]><urlset><url><loc>&i;</loc></url></urlset>`
}

const index = (...locs: readonly string[]): string =>
  `<sitemapindex>${locs.map((loc) => `<sitemap><loc>${loc}</loc></sitemap>`).join('')}</sitemapindex>`

function answering(path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = XML): Mishap {
  return { on: `${LOUVRE}${path}`, does: { kind: 'answer', status: 200, headers, body } }
}

/** Sitemaps, and the code that their target ends with. */
const SITEMAPS: readonly (readonly [string, string, readonly Mishap[]])[] = [
  ['an entity bomb', 'SiteChanged', [answering('/sitemap.xml', laughs())]],
  [
    'an entity that reads a file',
    'SiteChanged',
    [
      answering(
        '/sitemap.xml',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
      ),
    ],
  ],
  [
    'a page in its place',
    'SiteChanged',
    [answering('/sitemap.xml', '<!doctype html><p>moved<br>', { 'content-type': 'text/html' })],
  ],
  [
    '80 MB of blanks behind gzip',
    'TooLarge',
    [answering('/sitemap.xml', gzipSync(Buffer.alloc(80_000_000, 32)), { ...XML, 'content-encoding': 'gzip' })],
  ],
  ['an index that names itself', 'NothingFound', [answering('/sitemap.xml', index(`https://${LOUVRE}/sitemap.xml`))]],
  [
    'two that name each other',
    'NothingFound',
    [answering('/sitemap.xml', index('/b.xml')), answering('/b.xml', index('/sitemap.xml', '/b.xml'))],
  ],
  [
    'one that names other places',
    'NothingFound',
    [answering('/sitemap.xml', index('http://169.254.169.254/x.xml', 'https://elsewhere.example/s.xml'))],
  ],
  ['one that names a file of this machine', 'SiteChanged', [answering('/sitemap.xml', index('file:///etc/passwd'))]],
]

test.each(SITEMAPS)('row 51: a sitemap: %s: %s, soon and without reading on', async (_what, code, mishaps) => {
  const scene = await Scene.open()
  const running = await replicasOf('louvre')
  running.mishap(...mishaps)
  const ran = await Round.run(scene, ['louvre:all', ...running.flags, '--retries', '0', '--limit', '5'], { states: {} })
  expect([ran.problems, ran.status, ran.end.targets.map((target) => target.code)]).toEqual([[], 4, [code]])
  expect(running.requests.length).toBeLessThanOrEqual(3)
  // Grown to the end it would take hours.
  expect(ran.end.seconds).toBeLessThan(60)
  expect(ran.finished.stdout + ran.finished.stderr).not.toContain('root:')
})

interface Page {
  readonly data: readonly { readonly id: string }[]
}

/** What a host of the replicas answers. */
async function ask(running: RunningReplicas, host: string, path: string): Promise<Buffer> {
  const { port, ca } = running
  return new Promise<Buffer>((resolve, reject) => {
    get({ host: '127.0.0.1', port, ca, path, servername: host, headers: { host } }, (response) => {
      buffer(response).then(resolve, reject)
    }).on('error', reject)
  })
}

/** Entries of a subreddit as the replica gives them. */
async function entriesOf(running: RunningReplicas, page: number): Promise<Page['data']> {
  const path = `/3/gallery/r/many/time/${page}?client_id=546c25a59c58ad7`
  return (JSON.parse((await ask(running, 'api.imgur.com', path)).toString()) as Page).data
}

/** Answers of the API with these pages in turn; behind them it is empty. */
function paged(pages: readonly (readonly { readonly id: string }[])[]): readonly Mishap[] {
  return Array.from({ length: 40 }, (_, at) => ({
    on: `api.imgur.com/3/gallery/r/many/time/${at}`,
    does: {
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: pages[at] ?? [], success: true, status: 200 }),
    },
  }))
}

const SHORT = 10

/** How entries move while a listing is read, ten entries in a page → the pages as they come, and how many there are. */
const MOVES: readonly (readonly [string, (all: Page['data']) => readonly Page['data'][], number])[] = [
  [
    'three are added in front: the next page repeats three',
    (all) => [all.slice(3, 13), all.slice(10, 20), all.slice(20, 27)],
    24,
  ],
  [
    'the site gives the same page whatever the number',
    (all) => Array.from({ length: 40 }, () => all.slice(0, SHORT)),
    SHORT,
  ],
  [
    'an earlier page comes again and again',
    (all) => Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? all.slice(0, SHORT) : all.slice(SHORT, 2 * SHORT))),
    2 * SHORT,
  ],
]

test.each(MOVES)('row 54: %s: no item twice, none lost, no loop', async (_what, pages, count) => {
  const scene = await Scene.open()
  const running = await replicasOf('imgur')
  const entries = [...(await entriesOf(running, 0)), ...(await entriesOf(running, 1))]
  running.reset()
  running.mishap(...paged(pages(entries)))
  const { status, stderr } = await scene.run(['imgur:r/many', '-q', ...running.flags])
  expect([status, stderr]).toEqual([0, ''])
  const asked = running.requests.map(({ host, path }) => ({ host, path }))
  const files = asked.filter(({ host }) => host === 'i.imgur.com').map(({ path }) => path)
  expect(new Set(files).size).toBe(files.length)
  expect(asked.filter(({ host }) => host === 'api.imgur.com').length).toBeLessThanOrEqual(42)
  const bytes = await Promise.all(files.map((path) => ask(running, 'i.imgur.com', path)))
  expect(await scene.check({ states: { stored: count }, sums: new Set(bytes.map(sha256)) })).toEqual([])
})
