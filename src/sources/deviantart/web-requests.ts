import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import type { ExploreContext } from '../../core/source.ts'
import type { PageState, Pass } from './page-state.ts'
import { readPageState, readPass } from './page-state.ts'
import { accountFault, goneFault } from './refusals.ts'

export const SITE = 'https://www.deviantart.com'

/** The version of the private interface that other programs name (2023 to 2026). */
const MINOR_VERSION = '20230710'

/** A token may be refused once because its page is old; more often means that it is not the token. */
const MOST_RENEWALS = 2

/** Statuses whose bodies say what is wrong. */
const EXPLAINED = [400, 401, 403, 404, 410]

const errorSchema = z.object({
  error: z.string().optional().catch(undefined),
  errorDescription: z.string().optional().catch(undefined),
  errorDetails: z.object({ csrf: z.string().optional() }).optional().catch(undefined),
})

/** Sentences of pages that stand in place of a work (known from JDownloader, 2022 to 2026). */
const MEMBERS_ONLY = /has limited the viewing of this artwork/i
const ADULTS_ONLY = /intended for mature audiences/i
const REMOVED = /error-title-oops\.png/
const REQUEST_BLOCKED = /Request blocked\./

/** A page of the site, for people. */
export async function askPage(context: ExploreContext, url: string): Promise<HttpAnswer> {
  const answer = await context.http.request({ url, accept: EXPLAINED })
  if (/\/users\/login\b/.test(answer.url)) throw needsLogin(answer, 'it leads to the login page')
  if (answer.status === 200) return answer
  const text = answer.text()
  if (answer.status === 404 || answer.status === 410 || REMOVED.test(text)) throw goneFault(answer.url, text)
  throw refused(answer, text)
}

/** The same with its state. */
export function askState(context: ExploreContext, url: string): Promise<PageState> {
  return askAndRead(context, url, readPageState)
}

/** A page that cannot be read may be a notice that says why. */
async function askAndRead<T>(context: ExploreContext, url: string, read: (html: string, url: string) => T): Promise<T> {
  const answer = await askPage(context, url)
  const html = answer.text()
  try {
    return read(html, answer.url)
  } catch (thrown) {
    if (REMOVED.test(html)) throw goneFault(answer.url, html)
    if (MEMBERS_ONLY.test(html)) throw needsLogin(answer, 'its artist shows it to members of the site')
    if (ADULTS_ONLY.test(html)) throw needsLogin(answer, 'it is for adults')
    throw thrown
  }
}

/** The pass for the site's lists: a token that is bound to the cookies of the page it came with. */
class WebSession {
  #pass: Promise<Pass> | undefined

  /** Of the page that was asked for first in this run. */
  pass(context: ExploreContext, page: string): Promise<Pass> {
    const pass = this.#pass ?? askAndRead(context, page, readPass)
    this.#pass = pass
    pass.catch(() => {
      if (this.#pass === pass) this.#pass = undefined
    })
    return pass
  }

  /** The token is not taken any more; whoever comes first lets go of it. */
  async refused(stale: Pass): Promise<void> {
    const current = await this.#pass?.catch(() => undefined)
    if (current === stale) this.#pass = undefined
  }
}

function webSession(context: ExploreContext): Promise<WebSession> {
  return context.session('web', () => Promise.resolve(new WebSession()))
}

/** A parsed answer, and whether it was given to somebody who is logged in. */
export interface PuppyAnswer {
  readonly value: unknown
  readonly url: string
  readonly isLoggedIn: boolean
}

/** Asks `_puppy`, the private interface of the site's own pages. `page`: where the token comes from, if there is none yet. */
export async function askPuppy(
  context: ExploreContext,
  path: string,
  query: Readonly<Record<string, string>>,
  page: string,
): Promise<PuppyAnswer> {
  const session = await webSession(context)
  for (let renewals = 0; ; renewals += 1) {
    const pass = await session.pass(context, page)
    const { csrf, isLoggedIn } = pass
    if (csrf === undefined) throw withoutToken(pass)
    const url = puppyUrl(path, { ...query, csrf_token: csrf })
    const answer = await context.http.request({ url, accept: EXPLAINED, headers: { accept: 'application/json' } })
    if (answer.status === 200) return { value: readJson(answer), url, isLoggedIn }
    if (!isStale(answer) || renewals >= MOST_RENEWALS) throw refused(answer, answer.text())
    await session.refused(pass)
  }
}

function withoutToken({ url }: Pass): Fault {
  return new Fault('SiteChanged', 'the page of DeviantArt holds no token for its lists', {
    url,
    where: 'window.__CSRF_TOKEN__',
    advice: 'look for a newer version of bowerbird, or report this',
  })
}

function puppyUrl(path: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(`/_puppy/${path}`, SITE)
  url.search = new URLSearchParams({ ...query, da_minor_version: MINOR_VERSION }).toString()
  return url.href
}

/** A client that is no browser gets an empty answer or is sent elsewhere (another program, August 2026). */
function readJson(answer: HttpAnswer): unknown {
  if (answer.bytes.length === 0 || !answer.url.startsWith(SITE))
    throw new Fault('Blocked', 'DeviantArt gives its lists to browsers only', {
      url: answer.url,
      status: answer.status,
      advice: 'set the user agent of your browser with --user-agent, and give its cookies with --cookies',
    })
  return answer.json()
}

function isStale(answer: HttpAnswer): boolean {
  return answer.status === 400 && readError(answer).errorDetails?.csrf !== undefined
}

function readError(answer: HttpAnswer): z.output<typeof errorSchema> {
  try {
    return errorSchema.parse(answer.json())
  } catch {
    return {}
  }
}

function refused(answer: HttpAnswer, text: string): Fault {
  const { status, url } = answer
  const said = readError(answer).errorDescription
  const known = said === undefined ? undefined : accountFault(said, url, status)
  if (known !== undefined) return known
  // A list that is not there says nothing of the artist: the interface has moved before, and pages tell who is gone.
  if (status === 404 || status === 410) return movedFault(url, status)
  if (status === 401) return needsLogin(answer, said ?? 'status 401')
  if (status === 403) {
    const who = REQUEST_BLOCKED.test(text)
      ? 'its content network blocks this address or client'
      : (said ?? 'status 403')
    return new Fault('Blocked', `DeviantArt refuses the request: ${who}`, {
      url,
      status,
      advice: 'give the cookies of your browser (--cookies-from-browser NAME) and its user agent (--user-agent)',
    })
  }
  return new Fault('HttpStatus', `DeviantArt answered ${said === undefined ? `status ${status}` : `"${said}"`}`, {
    url,
    status,
  })
}

function movedFault(url: string, status: number): Fault {
  return new Fault('SiteChanged', `DeviantArt has no list at this address any more (status ${status})`, {
    url,
    status,
    where: new URL(url).pathname,
    advice: 'look for a newer version of bowerbird, or report this',
  })
}

function needsLogin({ url, status }: HttpAnswer, why: string): Fault {
  return new Fault('NeedsLogin', `DeviantArt shows this to people who are logged in: ${why}`, {
    url,
    status,
    advice: 'give the cookies of a login: --cookies FILE or --cookies-from-browser NAME',
  })
}
