import { Fault } from '../../core/errors.ts'
import type { Cursor, Finding, Params, Route, Target } from '../../core/source.ts'
import { resolveLink } from '../../kit/links.ts'
import { textParam } from '../../kit/params.ts'
import { nextRef } from '../../kit/refs.ts'
import { searchKey } from './listing.ts'
import { readShort } from './targets.ts'

/** Images of one ref. */
const WINDOW = 1_000

/** What an index file (`--from-index`) lists for a keyword: the same keys and numbers as the search that wrote it. */
export const indexRoute: Route = {
  name: 'index',
  example: 'search:index/satin bowerbird',
  about: 'what an index file lists for a keyword: `get --from-index FILE` gives the URLs',
  match,
  total: (params) => (Array.isArray(params['urls']) ? params['urls'].length : undefined),
  strategies: [{ name: 'file', explore }],
}

function match(target: Target): Params | undefined {
  const query = readShort('index', target)
  if (query === undefined) return undefined
  const urls = target.kind === 'short' ? target.urls : undefined
  return { keyword: query.keyword, ...(urls !== undefined && { urls }) }
}

async function* explore(params: Params, cursor: Cursor | undefined): AsyncIterable<Finding> {
  const keyword = textParam(params, 'keyword')
  const { urls } = params
  if (!Array.isArray(urls)) {
    throw new Fault('NothingFound', `no index tells the URLs for "${keyword}"`, {
      advice: 'name the file that does: bowerbird get --from-index FILE',
    })
  }
  const from = typeof cursor === 'number' ? cursor : 0
  for (const [at, text] of urls.slice(from, from + WINDOW).entries())
    yield findingOf(String(text), keyword, from + at + 1)
  if (urls.length > from + WINDOW) yield nextRef({ source: 'search', route: 'index', params, cursor: from + WINDOW })
}

function findingOf(text: string, keyword: string, index: number): Finding {
  const url = resolveLink(text, 'about:blank')
  if (url === undefined) return { kind: 'unavailable', code: 'NoCandidate', what: text, why: 'it is no URL of the web' }
  return {
    kind: 'asset',
    asset: {
      key: searchKey(keyword, url),
      candidates: [{ url, quality: 'full' }],
      meta: { keyword, kind: 'image' },
      index,
      rules: { expect: 'image' },
    },
  }
}
