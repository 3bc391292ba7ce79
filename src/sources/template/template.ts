import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { SourceHttp } from '../../core/http.ts'
import type { AssetRules, Cursor, ExploreContext, Finding, Params, Source, Target } from '../../core/source.ts'
import { readTarget } from '../../core/target.ts'
import { filenameOf } from '../../kit/file-names.ts'
import { directKey, normalizeUrl } from '../../kit/keys.ts'
import { textParam } from '../../kit/params.ts'
import { nextRef } from '../../kit/refs.ts'
import { parseUrlTemplate, type UrlTemplate } from '../../kit/url-ranges.ts'
import { probeAny, type Probed, type ProbeRules } from './probe.ts'
import { advance, nextWindow, SEARCH_START, type Search } from '../../kit/upper-bound.ts'

const OPTIONS = z.object({
  expect: z
    .enum(['any', 'image', 'video', 'audio', 'archive', 'other'])
    .default('any')
    .describe('what every file must be; another kind is a failure'),
  missingHtml: z
    .boolean()
    .default(true)
    .describe('a web page in place of a file means that the site does not have this number'),
  magic: z
    .string()
    .default('')
    .describe('what every file begins with, such as PK for zip; a file that begins otherwise counts as missing'),
  window: z
    .int()
    .min(1)
    .max(1000)
    .default(64)
    .describe('for an open end: so many numbers in a row must be missing for a gap to count as the possible end'),
})

type Options = z.infer<typeof OPTIONS>

/** Assets per page of the listing. */
const PAGE = 1_000
/** Windows asked for before a page is committed: what an interrupted search may lose. */
const PROBES_PER_PAGE = 16
/** An open end further away than this is none: the site answers whatever it is asked. */
const MOST_NUMBERS = 1e9

/** The Louvre's zip route answers numbers without pictures in several ways (404, a page, a body that is no zip). */
const LOUVRE_ZIP = /^https:\/\/collections\.louvre\.fr\/(?:en\/)?artwork\/image\/download\//

function match(target: Target): Params | undefined {
  const text = templateText(target)
  if (text === undefined) return undefined
  const template = parseUrlTemplate(text)
  normalizeUrl(template.at(0).url)
  return { template: text }
}

function templateText(target: Target): string | undefined {
  if (target.kind === 'template') return target.text
  if (target.kind !== 'short' || target.source !== 'template') return undefined
  const inner = readTarget(target.rest)
  return inner.kind === 'short' ? undefined : inner.text
}

async function* explore(params: Params, cursor: Cursor | undefined, context: ExploreContext): AsyncIterable<Finding> {
  const template = parseUrlTemplate(textParam(params, 'template'))
  const options = OPTIONS.parse(context.options)
  const rules = rulesFor(template, options)
  if (template.count === Infinity) {
    yield* exploreOpen(template, rules, (cursor ?? { ...START, window: options.window }) as Progress, context.http)
    return
  }
  const from = typeof cursor === 'number' ? cursor : 0
  const to = Math.min(template.count, from + PAGE)
  yield* list(template, from, to, rules)
  if (to < template.count) yield nextPage(template, to)
}

/** How far an open end has come. */
interface Progress {
  /** The first number that is not listed yet, counted from 0. */
  readonly next: number
  readonly search: Search
  /** Numbers in a window; stays the same once begun. */
  readonly window: number
  /** 401 or 403, if any number answered so. */
  readonly wall?: number
}

const START = { next: 0, search: SEARCH_START } as const

/** Lists what is known to lie below the end, while the search for the end goes on. */
async function* exploreOpen(
  template: UrlTemplate,
  rules: AssetRules,
  before: Progress,
  http: SourceHttp,
): AsyncIterable<Finding> {
  const after = await searchOn(template, before, (urls) => probeAny(urls, http, probeRules(rules)))
  const { search } = after
  const end = (search.low + 1) * before.window
  if (search.phase === 'done' && before.search.phase !== 'done') yield boundNote(template, end, after.wall)
  const to = Math.min(end, before.next + PAGE)
  yield* list(template, before.next, to, rules)
  if (search.phase !== 'done' || to < end) yield nextPage(template, { ...after, next: to })
}

/** Some more steps of the search for the upper bound. */
async function searchOn(
  template: UrlTemplate,
  before: Progress,
  probe: (urls: readonly string[]) => Promise<Probed>,
): Promise<Progress> {
  let { search, wall } = before
  for (let probes = 0; search.phase !== 'done' && probes < PROBES_PER_PAGE; probes += 1) {
    const from = nextWindow(search) * before.window
    if (from > MOST_NUMBERS) throw endless(template)
    const probed = await probe(Array.from({ length: before.window }, (_, offset) => template.at(from + offset).url))
    wall ??= probed.wall
    search = advance(search, probed.there)
  }
  return { ...before, search, ...(wall !== undefined && { wall }) }
}

function* list(template: UrlTemplate, from: number, to: number, rules: AssetRules): Iterable<Finding> {
  for (let index = from; index < to; index += 1) {
    const { url: expanded, parts } = template.at(index)
    if (URL.canParse(expanded)) {
      const url = normalizeUrl(expanded)
      const filename = parts.length === 0 ? filenameOf(url) : parts.join('-')
      const asset = {
        key: directKey(url),
        candidates: [{ url, quality: 'original' as const }],
        meta: { filename },
        index: index + 1,
        rules,
      }
      yield { kind: 'asset', asset }
    } else {
      yield {
        kind: 'unavailable',
        code: 'NoCandidate',
        what: expanded,
        why: 'this part of the template makes no valid URL',
      }
    }
  }
}

function nextPage(template: UrlTemplate, cursor: Cursor): Finding {
  return nextRef({ source: 'template', route: 'template', params: { template: template.text }, cursor })
}

function rulesFor(template: UrlTemplate, options: Options): AssetRules {
  if (LOUVRE_ZIP.test(template.text)) {
    return { expect: 'archive', enumerated: true, missingIf: { html: true, notMagic: 'PK' } }
  }
  const { expect, missingHtml, magic } = options
  return {
    ...(expect !== 'any' && { expect }),
    enumerated: true,
    missingIf: { html: missingHtml, ...(magic !== '' && { notMagic: magic }) },
  }
}

function probeRules({ missingIf }: AssetRules): ProbeRules {
  const magic = missingIf?.notMagic
  return { missingHtml: missingIf?.html === true, ...(magic !== undefined && { magic }) }
}

function boundNote(template: UrlTemplate, end: number, wall: number | undefined): Finding {
  if (end > 0) {
    const last = template.at(end - 1).parts.join('-')
    return { kind: 'note', message: `${template.text} ends at or before ${last}: nothing was found behind it` }
  }
  const evidence = {
    url: template.at(0).url,
    advice: 'give the end yourself, as in {1..400000}, or a larger template.window',
  }
  if (wall === 401)
    throw new Fault('NeedsLogin', `${template.text} is only for people who are logged in`, {
      ...evidence,
      status: wall,
    })
  if (wall === 403)
    throw new Fault('Blocked', `${template.text} is refused for every number that was tried`, {
      ...evidence,
      status: wall,
    })
  throw new Fault('NothingFound', `${template.text} has no file at any number that was tried`, evidence)
}

function endless(template: UrlTemplate): Fault {
  return new Fault('Usage', `${template.text} has no end: the site answers any number with a file`, {
    url: template.at(0).url,
    advice: 'give the end yourself, as in {1..1000}, or say what real files begin with: --option template.magic=PK',
  })
}

export const source: Source = {
  name: 'template',
  about: 'numbered files: a URL with ranges, as curl and the shell write them',
  hosts: [],
  options: OPTIONS,
  limits: [],
  routes: [
    {
      name: 'template',
      example: 'https://example.org/scans/{1..120}.jpg',
      about: 'ranges {1..9} [1-9] [001-100:10] {a,b,c}; {1..} finds its end by itself',
      match,
      total: (params) => parseUrlTemplate(textParam(params, 'template')).count,
      strategies: [{ name: 'count', explore }],
    },
  ],
  folder: '{host}',
  filename: '{filename}',
  generic: true,
}
