import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import type { ExploreContext } from '../../core/source.ts'
import { readShape } from '../../kit/shape.ts'
import { accountFault } from './refusals.ts'
import { SITE } from './web-requests.ts'

/** Options without which the API is left out. */
export const CREDENTIALS = ['clientId', 'clientSecret'] as const

const TOKEN_URL = `${SITE}/oauth2/token`
const API = `${SITE}/api/v1/oauth2`

/** Which shapes are answered: the one that other programs ask for (2021 to 2026). */
const MINOR_VERSION = '20210526'

/** A token is renewed so long before its end (milliseconds): it must outlive the request. */
const MARGIN = 60_000

const EXPLAINED = [400, 401, 403, 404]

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().default(3600) })

const errorSchema = z.object({
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  error_code: z.number().optional().catch(undefined),
})

interface Token {
  readonly value: string
  /** Unix milliseconds. */
  readonly expires: number
}

/** The API's access: a token that is asked for once for all who wait, and again when it is over or refused. */
class ApiSession {
  #token: Promise<Token> | undefined
  /** The weekly quota of downloads is used up: no further one is asked for in this run. */
  isQuotaUsed = false

  async token(context: ExploreContext): Promise<Token> {
    const kept = this.#token
    const token = await kept?.catch(rethrowRefusal)
    if (token !== undefined && token.expires - MARGIN > context.now) return token
    if (this.#token === kept) this.#token = undefined
    this.#token ??= askToken(context)
    return this.#token
  }

  /** Lets go of a token that was refused, unless somebody did before. */
  async refused(stale: Token): Promise<void> {
    const kept = await this.#token?.catch(() => undefined)
    if (kept === stale) this.#token = undefined
  }
}

/** Credentials that were refused once are not tried again in the same run; a failed connection is. */
function rethrowRefusal(thrown: unknown): undefined {
  if (thrown instanceof Fault && thrown.code === 'Blocked') throw thrown
  return undefined
}

function apiSession(context: ExploreContext): Promise<ApiSession> {
  return context.session('api', () => Promise.resolve(new ApiSession()))
}

async function askToken(context: ExploreContext): Promise<Token> {
  const { clientId, clientSecret } = context.options
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: String(clientId),
    client_secret: String(clientSecret),
  }).toString()
  const answer = await context.http.request({
    url: TOKEN_URL,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    accept: EXPLAINED,
  })
  if (answer.status !== 200) {
    const said = readError(answer).error_description ?? `status ${answer.status}`
    throw new Fault('Blocked', `DeviantArt refuses the API's client id or secret: ${said}`, {
      url: TOKEN_URL,
      status: answer.status,
      advice: 'check the options deviantart.clientId and deviantart.clientSecret',
    })
  }
  const { access_token: value, expires_in: seconds } = readShape(tokenSchema, answer.json(), {
    what: "the token of DeviantArt's API",
    url: TOKEN_URL,
  })
  return { value, expires: context.now + seconds * 1000 }
}

/** A parsed answer of the API. */
export interface ApiAnswer {
  readonly value: unknown
  readonly url: string
}

/** Asks the API; a refused token is renewed once. Its other refusals are faults with its own words. */
export async function askApi(
  context: ExploreContext,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const url = new URL(API + path)
  url.search = new URLSearchParams({ ...query, mature_content: 'true' }).toString()
  const answer = await askWithToken(context, url.href)
  if (answer.status === 200) return { value: answer.json(), url: url.href }
  throw refused(answer)
}

async function askWithToken(context: ExploreContext, url: string): Promise<HttpAnswer> {
  const session = await apiSession(context)
  const ask = async (token: Token): Promise<HttpAnswer> =>
    context.http.request({
      url,
      headers: { authorization: `Bearer ${token.value}`, 'da-minor-version': MINOR_VERSION },
      accept: EXPLAINED,
    })
  const token = await session.token(context)
  const answer = await ask(token)
  if (answer.status !== 401) return answer
  await session.refused(token)
  return ask(await session.token(context))
}

function readError(answer: HttpAnswer): z.output<typeof errorSchema> {
  try {
    return errorSchema.parse(answer.json())
  } catch {
    return {}
  }
}

/** What the API says in place of a file behind the download button. */
export type DownloadRefusal = 'quota' | 'not allowed'

/** A fault of the API with the sentence that it said. */
function refused(answer: HttpAnswer): Fault {
  const { status, url } = answer
  const said = readError(answer).error_description
  const known = said === undefined ? undefined : accountFault(said, url, status)
  if (known !== undefined) return known
  const words = said === undefined ? `status ${status}` : `"${said}"`
  if (status === 401) return new Fault('Blocked', `DeviantArt's API refuses its own token: ${words}`, { url, status })
  if (status === 403) {
    return new Fault('Blocked', `DeviantArt's API refuses the request: ${words}`, { url, status })
  }
  return new Fault('HttpStatus', `DeviantArt's API answered ${words}`, { url, status })
}

const downloadSchema = z.object({
  src: z.string().min(1),
  width: z.number().nullish().catch(undefined),
  height: z.number().nullish().catch(undefined),
  filesize: z.number().nullish().catch(undefined),
})

export type ApiDownload = z.output<typeof downloadSchema>

/** The original behind the download button, or why it is not given. */
export async function askDownload(context: ExploreContext, uuid: string): Promise<ApiDownload | DownloadRefusal> {
  const session = await apiSession(context)
  if (session.isQuotaUsed) return 'quota'
  const url = `${API}/deviation/download/${uuid}?mature_content=true`
  const answer = await askWithToken(context, url)
  if (answer.status === 200) return readShape(downloadSchema, answer.json(), { what: 'a download of DeviantArt', url })
  const said = readError(answer).error_description ?? ''
  if (answer.status !== 400) throw refused(answer)
  // 10 to 300 a week since March 2026, by the kind of account.
  if (!/limit reached/i.test(said)) return 'not allowed'
  session.isQuotaUsed = true
  return 'quota'
}
