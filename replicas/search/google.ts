import { file, html, json, redirect, text } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { basicPage, moreResults, noResultsPage, resultsPage } from './google-markup.ts'
import { pagesOf, PICTURES, THUMBNAIL, WALLS } from './pictures.ts'
import type { Picture } from './pictures.ts'

export const GOOGLE_HOSTS = ['www.google.com', 'consent.google.com', 'encrypted-tbn0.gstatic.com'] as const

/** Keywords, each with another way to (or around) the results. What is found for them is what a satin bowerbird finds. */
export const GOOGLE = {
  /** Results at once, and more for who scrolls. */
  plain: 'blue bower',
  /** Sent to the page that asks for consent first. */
  consent: 'bower with consent',
  /** Asked for consent in a dialog over the page. */
  dialog: 'bower under a dialog',
  /** Scripts alone lead to the page, as those of any browser do. */
  scripts: 'bower by scripts',
  /** The full images are known only once a result is opened. */
  byHand: 'bower by hand',
  /** The basic page. */
  basic: 'basic bower',
} as const

/** What is opened by hand: the second is shown as a `data:` URL, of the third only the link tells, of the last nothing. */
const BY_HAND = [PICTURES.first, PICTURES.inline, PICTURES.second, PICTURES.third, PICTURES.small] as const

/**
 * Google Images of 2026 as the sheet describes it: a page that scripts fill. Consent page, captcha and the shell are
 * made after the recorded ones as far as there are some; the answers that scrolling brings are not recorded.
 */
export function addGoogle(router: Router): void {
  router.get('www.google.com', '/search', search)
  router.get('www.google.com', '/opened', opened)
  router.get('www.google.com', '/sorry/index', () => html(CAPTCHA, { status: 429 }))
  router.get('consent.google.com', '/m', consentPage)
  router.post('consent.google.com', '/save', consentGiven)
  router.get('encrypted-tbn0.gstatic.com', '/images', () => file(THUMBNAIL))
}

function search(request: Request): Answer {
  const { searchParams } = request.url
  const query = searchParams.get('q') ?? ''
  if (searchParams.get('tbm') === 'isch') return redirect(withParameter(request.url, 'udm', '2', 'tbm'))
  if (searchParams.has('async')) return text(moreResults(after(query, Number(searchParams.get('start')))))
  return gate(query, request) ?? results(query)
}

/** What stands before the results of some keywords. */
function gate(query: string, { url, headers }: Request): Answer | undefined {
  const cookies = headers['cookie'] ?? ''
  const isRefused = /\bSOCS=/.test(cookies)
  if (query === WALLS.consent || (query === GOOGLE.consent && !isRefused)) {
    const hl = url.searchParams.get('hl') ?? 'en'
    return redirect(
      `https://consent.google.com/m?continue=${encodeURIComponent(url.href)}&gl=DE&m=0&pc=irp&hl=${hl}&src=1`,
    )
  }
  if (query === WALLS.captcha) return redirect(`/sorry/index?continue=${encodeURIComponent(url.href)}&q=EgQ`)
  if (query === WALLS.shell || (query === GOOGLE.scripts && !/\bSG_SS=/.test(cookies))) return html(shell(query))
  if (query === WALLS.unknown)
    return html(`<!doctype html><title>News</title><body><p>${'All is new here. '.repeat(20)}`)
  return undefined
}

function results(query: string): Answer {
  if (query === GOOGLE.byHand) return html(resultsPage(query, BY_HAND, { byHand: true }))
  const [first = [], ...more] = pagesFor(query)
  if (first.length === 0) return html(noResultsPage(query))
  if (query === GOOGLE.basic) return html(basicPage(query, first))
  return html(resultsPage(query, first, { more: more.length > 0, dialog: query === GOOGLE.dialog }))
}

function pagesFor(query: string): readonly (readonly Picture[])[] {
  return (Object.values(GOOGLE) as readonly string[]).includes(query) ? pagesOf('satin bowerbird') : pagesOf(query)
}

/** The page behind so many results; pages overlap, and the last one is empty. */
function after(query: string, count: number): readonly Picture[] {
  let before = 0
  for (const page of pagesFor(query)) {
    if (before >= count) return page
    before += page.length
  }
  return []
}

function opened({ url }: Request): Answer {
  const picture = BY_HAND.find(({ slug }) => slug === url.searchParams.get('id'))
  if (picture === undefined) return json({})
  if (picture === PICTURES.second) {
    const { url: full, page, width, height, slug } = picture
    const link = new URLSearchParams({
      imgurl: full,
      imgrefurl: page,
      w: String(width),
      h: String(height),
      tbnid: slug,
    })
    return json({ href: `/imgres?${link.toString()}` })
  }
  return json({ address: picture.url })
}

/** No real one is recorded: its form goes to /save, and the answer sets `SOCS`. */
function consentPage({ url }: Request): Answer {
  const target = url.searchParams.get('continue') ?? ''
  const form = (refuses: boolean, label: string): string =>
    `<form action="https://consent.google.com/save" method="POST"><input type="hidden" name="continue" value="${target.replaceAll('&', '&amp;')}">` +
    `<input type="hidden" name="set_eom" value="${String(refuses)}"><button aria-label="${label}">${label}</button></form>`
  // One keyword is never let through.
  const refusal =
    target.includes(encodeURIComponent(WALLS.consent)) || target.includes(WALLS.consent.replaceAll(' ', '+'))
  return html(
    `<!doctype html><title>Before you continue to Google</title><h1>Before you continue</h1>${form(false, 'Accept all')}` +
      (refusal ? '' : form(true, 'Reject all')),
  )
}

function consentGiven({ body }: Request): Answer {
  const target = new URLSearchParams(Buffer.from(body).toString()).get('continue') ?? ''
  const location = URL.parse(target)?.hostname === 'www.google.com' ? target : 'https://www.google.com/'
  const cookie = 'SOCS=CAESHAgBEhIaAB; Domain=.google.com; Path=/; Secure; Max-Age=33696000'
  return { status: 303, headers: { location, 'set-cookie': cookie }, body: '' }
}

function shell(query: string): string {
  const proof = query === GOOGLE.scripts ? "document.cookie='SG_SS=*x; path=/'; location.reload()" : ''
  return (
    '<!doctype html><html><head><title>Google Search</title></head><body><noscript><meta http-equiv="refresh" ' +
    'content="0;url=/httpservice/retry/enablejs?sei=REMOVED"></noscript><div id="yvlrue" style="display:none">If you are ' +
    `having trouble accessing Google Search, please click here.</div><script>setTimeout(() => { ${proof} }, 50)</script></body></html>`
  )
}

const CAPTCHA =
  '<!doctype html><html><head><title>https://www.google.com/search</title></head><body><form id="captcha-form" action="index" ' +
  'method="post"><div id="recaptcha" class="g-recaptcha" data-sitekey="REMOVED"></div><input type="hidden" name="q" value="x">' +
  '</form>Our systems have detected unusual traffic from your computer network.</body></html>'

function withParameter(url: URL, name: string, value: string, instead: string): string {
  const changed = new URL(url)
  changed.searchParams.delete(instead)
  changed.searchParams.set(name, value)
  return changed.href
}
