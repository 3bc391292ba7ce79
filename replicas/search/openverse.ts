import { file, json } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { pagesOf, THUMBNAIL } from './pictures.ts'
import type { Picture } from './pictures.ts'

export const OPENVERSE_HOSTS = ['api.openverse.org'] as const

const LICENSES = ['by', 'by-sa', 'by-nc', 'by-nd', 'by-nc-sa', 'by-nc-nd', 'cc0', 'pdm']

/** Pages of a search that are shown; after them the interface refuses, as is said of pages beyond its depth. */
const DEPTH = 3

/** A search that has more pages than are shown. */
export const DEEP = 'deep bower'

const HEADERS = {
  'x-ratelimit-limit-anon_burst': '20/min',
  'x-ratelimit-available-anon_burst': '19',
  'x-ratelimit-limit-anon_sustained': '200/day',
  'x-ratelimit-available-anon_sustained': '199',
}

export function addOpenverse(router: Router): void {
  router.get('api.openverse.org', '/v1/images/', search)
  router.get('api.openverse.org', '/v1/images/:id/thumb/', () => file(THUMBNAIL))
}

function search({ url }: Request): Answer {
  const { searchParams } = url
  const number = Number(searchParams.get('page') ?? 1)
  const unknown = (searchParams.get('license') ?? '').split(',').find((name) => name !== '' && !LICENSES.includes(name))
  if (unknown !== undefined) {
    const detail = `Invalid input given for fields. 'license' -> License '${unknown}' does not exist.`
    return json({ error: 'InputError', detail, fields: ['license'] }, { status: 400, headers: HEADERS })
  }
  if (number > DEPTH) return json({ detail: 'Deep pagination is not allowed.' }, { status: 400, headers: HEADERS })
  const query = searchParams.get('q') ?? ''
  const pages = pagesOf(query === DEEP ? 'satin bowerbird' : query).map((page) => page.filter(isLinked))
  const count = pages.length === 0 ? 0 : query === DEEP ? 10 : pages.length
  const results = (pages[number - 1] ?? []).map(entry)
  const body = { result_count: count * 3, page_count: count, page_size: 20, page: number, results }
  return json(body, { headers: HEADERS })
}

function isLinked({ served }: Picture): boolean {
  return served.kind !== 'inline' && served.kind !== 'thumbnail'
}

function entry({ slug, title, url, page, author, width, height }: Picture): unknown {
  const id = idOf(slug)
  return {
    id,
    title,
    indexed_on: '2022-08-27T17:39:48Z',
    foreign_landing_url: page,
    url,
    creator: author,
    creator_url: 'https://www.bower.example/people/finch',
    license: 'by-sa',
    license_version: '4.0',
    license_url: 'https://creativecommons.org/licenses/by-sa/4.0/',
    provider: 'bower',
    source: 'bower',
    category: 'photograph',
    filesize: null,
    filetype: 'jpg',
    tags: [{ accuracy: null, name: 'bowerbird' }],
    attribution: `"${title}" by ${author} is licensed under CC BY-SA 4.0. To view a copy of this license, visit https://creativecommons.org/licenses/by-sa/4.0/.`,
    fields_matched: ['title'],
    mature: false,
    height: height * 4,
    width: width * 4,
    thumbnail: `https://api.openverse.org/v1/images/${id}/thumb/`,
    detail_url: `https://api.openverse.org/v1/images/${id}/`,
    related_url: `https://api.openverse.org/v1/images/${id}/related/`,
  }
}

function idOf(slug: string): string {
  return `00000000-0000-4000-8000-${Buffer.from(slug).toString('hex').padEnd(12, '0').slice(-12)}`
}
