import { createHash } from 'node:crypto'
import { html, json, text } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { escape } from './markup.ts'
import { dataUrl, pagesOf, WALLS } from './pictures.ts'
import type { Picture } from './pictures.ts'
import { wallPage } from './walls.ts'

export const DUCKDUCKGO_HOSTS = ['duckduckgo.com'] as const

/** Images of a page; the real one has a hundred. */
const PAGE = 3

/** The page with the token, and the images behind it, in the form recorded in 2022 with the token of today. */
export function addDuckDuckGo(router: Router): void {
  router.get('duckduckgo.com', '/', (request) => {
    const query = request.url.searchParams.get('q') ?? ''
    const blocked = query === WALLS.captcha ? undefined : wallPage(query)
    return blocked ?? home(query, tokenOf(request))
  })
  router.get('duckduckgo.com', '/i.js', images)
}

/** Good for one query and one user agent. */
function tokenOf({ url, headers }: Request): string {
  const digest = createHash('sha256')
    .update(`${url.searchParams.get('q')} ${headers['user-agent']}`)
    .digest('hex')
  return `4-${BigInt(`0x${digest}`).toString().slice(0, 60)}`
}

function home(query: string, token: string): Answer {
  return html(
    `<!DOCTYPE html><html lang="en-US"><head><title>${escape(query)} at DuckDuckGo</title>` +
      `<script type="text/javascript">rq="${encodeURIComponent(query)}";iar="images";vqd="${token}";safe_ddg=0;</script>` +
      '</head><body></body></html>',
  )
}

function images(request: Request): Answer {
  const { url, headers } = request
  const { searchParams } = url
  const query = searchParams.get('q') ?? ''
  const isOfPage = headers['referer'] === 'https://duckduckgo.com/' && headers['accept-language'] === undefined
  if (searchParams.get('vqd') !== tokenOf(request) || !isOfPage) return text('', 'text/html', { status: 403 })
  if (query === WALLS.captcha) {
    const block = `DDG.deep.anomalyDetectionBlock({gk:'0',q:'${encodeURIComponent(query)}',iadb:1,sc:1,e:0,cc:'sre',s:'index',r:'euw'})`
    return text(block, 'application/javascript')
  }
  const start = Number(searchParams.get('s'))
  const results = (pagesOf(query)[start / PAGE] ?? []).map(entry)
  const following = new URLSearchParams(searchParams)
  following.delete('vqd')
  following.set('s', String(start + PAGE))
  const next = `i.js?${following.toString()}`
  return json({
    ads: null,
    next,
    query,
    queryEncoded: encodeURIComponent(query),
    response_type: 'places',
    results,
    vqd: { [query]: tokenOf(request) },
  })
}

function entry({ slug, title, url: image, page: url, width, height, served }: Picture): unknown {
  const thumbnail =
    served.kind === 'thumbnail' ? dataUrl(served.media) : `https://ts1.mm.bing.net/th?id=OIP.${slug}&pid=Api`
  return { height, image, source: 'Bing', thumbnail, title, url, width }
}
