import { json } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { dataUrl, pagesOf } from './pictures.ts'
import type { Picture } from './pictures.ts'

export const GOOGLE_CSE_HOSTS = ['www.googleapis.com'] as const

/** Keys of the replica, by what they are good for. */
export const KEYS = { good: 'bower-key', closed: 'closed-key', spent: 'spent-key' } as const
export const ENGINE = '0123:bower'

/** Items of an answer; the real one has up to ten. */
const PAGE = 3

export function addGoogleCse(router: Router): void {
  router.get('www.googleapis.com', '/customsearch/v1', search)
}

function search({ url }: Request): Answer {
  const { searchParams } = url
  const key = searchParams.get('key')
  if (key === KEYS.closed) {
    return refusal(
      403,
      'This project does not have the access to Custom Search JSON API.',
      'forbidden',
      'PERMISSION_DENIED',
    )
  }
  if (key === KEYS.spent) {
    return refusal(429, "Quota exceeded for quota metric 'Queries'", 'rateLimitExceeded', 'RESOURCE_EXHAUSTED')
  }
  if (key !== KEYS.good || searchParams.get('cx') !== ENGINE) {
    return refusal(400, 'API key not valid. Please pass a valid API key.', 'badRequest', 'INVALID_ARGUMENT')
  }
  const query = searchParams.get('q') ?? ''
  const start = Number(searchParams.get('start') ?? 1)
  const pages = pagesOf(query)
  const number = Math.floor((start - 1) / PAGE)
  const items = (pages[number] ?? []).map(item)
  const about = { title: `Google Custom Search - ${query}`, searchTerms: query, count: PAGE, searchType: 'image' }
  return json({
    kind: 'customsearch#search',
    queries: {
      request: [{ ...about, startIndex: start }],
      ...(number + 1 < pages.length && { nextPage: [{ ...about, startIndex: start + PAGE }] }),
    },
    searchInformation: { searchTime: 0.3, totalResults: String(pages.flat().length) },
    ...(items.length > 0 && { items }),
  })
}

/** Of these the 403 is recorded (2026). */
function refusal(code: number, message: string, reason: string, status: string): Answer {
  return json({ error: { code, message, errors: [{ message, domain: 'global', reason }], status } }, { status: code })
}

function item({ slug, title, url: link, page, width, height, served }: Picture): unknown {
  const thumbnailLink =
    served.kind === 'thumbnail' ? dataUrl(served.media) : `https://ts1.mm.bing.net/th?id=OIP.${slug}&pid=15.1`
  return {
    kind: 'customsearch#result',
    title,
    htmlTitle: title,
    link,
    displayLink: 'www.bower.example',
    snippet: title,
    mime: 'image/',
    fileFormat: 'Image Document',
    image: { contextLink: page, height, width, byteSize: 1234, thumbnailLink, thumbnailHeight: 36, thumbnailWidth: 48 },
  }
}
