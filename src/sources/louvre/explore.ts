import { Fault } from '../../core/errors.ts'
import type { Asset, Cursor, ExploreContext, Finding, Params } from '../../core/source.ts'
import { filenameOf } from '../../kit/file-names.ts'
import { assetKey, directKey } from '../../kit/keys.ts'
import { numberParam, textParam } from '../../kit/params.ts'
import { childRef, nextRef } from '../../kit/refs.ts'
import { ARK_RANGES, arkOf } from './arks.ts'
import { readRecord } from './record.ts'
import type { Sitemap } from './sitemap.ts'
import { readSitemap } from './sitemap.ts'
import { HOST } from './targets.ts'

/** Refs or assets of one window. */
const WINDOW = 1000
/** A sitemap of 20,000 records in two languages is expected to have about 12 MB. */
const MOST_SITEMAP_BYTES = 64 * 1024 * 1024
/** Of a record with its bibliography a few 100 KB are known. */
const MOST_RECORD_BYTES = 8 * 1024 * 1024

/** One record. `enumerated`: counted up, so that its absence is a gap between numbers and no failure. */
export async function* exploreRecord(
  params: Params,
  _cursor: Cursor | undefined,
  context: ExploreContext,
): AsyncIterable<Finding> {
  const ark = textParam(params, 'ark')
  const url = `https://${HOST}/ark:/53355/${ark}.json`
  const answer = await context.http.request({ url, accept: [404, 410], maxBytes: MOST_RECORD_BYTES })
  if (answer.status < 400) {
    for (const asset of readRecord(answer.json(), ark, url)) yield { kind: 'asset', asset }
  } else if (params['enumerated'] === true) {
    yield {
      kind: 'missing',
      key: assetKey('louvre', ark),
      url,
      status: answer.status,
      why: 'the museum has no record of this number',
    }
  } else {
    throw new Fault('Gone', `the Louvre has no record ${ark}`, { url, status: answer.status })
  }
}

/** A sitemap: further ones and records, a window at a time; the file is read once per run. */
export async function* exploreSitemap(
  params: Params,
  cursor: Cursor | undefined,
  context: ExploreContext,
): AsyncIterable<Finding> {
  const url = textParam(params, 'url')
  const { maps, arks } = await context.session(`sitemap ${url}`, () => loadSitemap(url, context))
  const from = typeof cursor === 'number' ? cursor : 0
  const to = Math.min(from + WINDOW, maps.length + arks.length)
  for (const map of maps.slice(from, to)) yield childRef({ source: 'louvre', route: 'all', params: { url: map } })
  const records = arks.subarray(Math.max(0, from - maps.length), Math.max(0, to - maps.length))
  for (const number of records) yield recordRef({ ark: arkOf(number) })
  if (to < maps.length + arks.length) yield nextRef({ source: 'louvre', route: 'all', params, cursor: to })
}

async function loadSitemap(url: string, context: ExploreContext): Promise<Sitemap> {
  const answer = await context.http.request({ url, maxBytes: MOST_SITEMAP_BYTES })
  const { maps, arks } = readSitemap(answer.text(), url)
  // Sitemaps may name any place; the Louvre's own stand on its host.
  return { maps: maps.filter((map) => new URL(map).hostname === HOST), arks }
}

/** All numbers of a span, whether the museum has them or not. */
export async function* exploreRange(params: Params, cursor: Cursor | undefined): AsyncIterable<Finding> {
  const { from, to, last } = windowOf(params, cursor)
  for (let number = from; number <= to; number += 1) yield recordRef({ ark: arkOf(number), enumerated: true })
  if (to < last) yield nextRef({ source: 'louvre', route: 'range', params, cursor: to + 1 })
}

/** The spans that all records are in. */
export async function* exploreEnumerate(): AsyncIterable<Finding> {
  for (const { first, last } of ARK_RANGES)
    yield childRef({ source: 'louvre', route: 'range', params: { first, last } })
}

/**
 * Archives of all images of a record, by number. Known from 2021 only: gaps answered 404. What is sent today, and for a
 * record without images, is not known, so a page, or anything that is no zip, counts as a gap too.
 */
export async function* exploreZips(params: Params, cursor: Cursor | undefined): AsyncIterable<Finding> {
  const { from, to, last } = windowOf(params, cursor)
  for (let number = from; number <= to; number += 1) {
    const asset = zipAsset(`https://${HOST}/en/artwork/image/download/${number}/0`, String(number))
    yield {
      kind: 'asset',
      asset: { ...asset, rules: { ...asset.rules, enumerated: true, missingIf: { html: true, notMagic: 'PK' } } },
    }
  }
  if (to < last) yield nextRef({ source: 'louvre', route: 'zips', params, cursor: to + 1 })
}

/** One archive, by its address. */
export async function* exploreZip(params: Params): AsyncIterable<Finding> {
  const url = textParam(params, 'url')
  yield { kind: 'asset', asset: zipAsset(url, /(\d+)\/\d+\/?$/.exec(url)?.[1] ?? filenameOf(url)) }
}

/** Keyed by the address, so that a template of these addresses means the same files. */
function zipAsset(url: string, filename: string): Asset {
  return {
    key: directKey(url),
    candidates: [{ url, quality: 'full' }],
    meta: { filename, kind: 'archive', rights: 'https://collections.louvre.fr/en/page/cgu' },
    rules: { expect: 'archive' },
  }
}

/** Nothing is asked: robots.txt forbids this one page to everybody. */
export function exploreExport(): AsyncIterable<Finding> {
  throw new Fault('Blocked', "the Louvre's robots.txt forbids programs the export of search results", {
    advice: 'take the search itself, as its page or as louvre:search/WORDS',
  })
}

function recordRef(params: Params): Finding {
  return childRef({ source: 'louvre', route: 'record', params })
}

function windowOf(
  params: Params,
  cursor: Cursor | undefined,
): { readonly from: number; readonly to: number; readonly last: number } {
  const last = numberParam(params, 'last')
  const from = typeof cursor === 'number' ? cursor : numberParam(params, 'first')
  return { from, to: Math.min(last, from + WINDOW - 1), last }
}
