import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import type { ExploreContext } from '../../core/source.ts'
import { headerOf, isHtml } from '../../kit/answers.ts'
import { REFUSED_CLIENT, withClientId } from './client.ts'

/** Over-capacity answers last up to an hour and are repeated by others after ten minutes (2020 to 2026). */
const CAPACITY_WAIT_MS = 600_000

/** `data.error` is a text or an object; newer interfaces answer `errors`. */
const errorSchema = z.object({
  status: z.number().optional().catch(undefined),
  data: z
    .object({ error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]) })
    .optional()
    .catch(undefined),
  errors: z
    .array(z.object({ detail: z.string() }))
    .optional()
    .catch(undefined),
})

interface Asking {
  readonly parameters?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

interface ApiAnswer {
  readonly url: string
  readonly value: unknown
}

/**
 * Asks `api.imgur.com`; `undefined` where it knows no such thing. The client id goes as a parameter: some old albums
 * do not answer to the header form.
 */
export async function askApi(
  context: ExploreContext,
  path: string,
  asking: Asking = {},
): Promise<ApiAnswer | undefined> {
  return withClientId(context, (id) => askAs(id, context, path, asking))
}

async function askAs(
  id: string,
  context: ExploreContext,
  path: string,
  { parameters = {}, headers }: Asking,
): Promise<ApiAnswer | undefined> {
  const url = new URL(path, 'https://api.imgur.com')
  url.search = new URLSearchParams({ ...parameters, client_id: id }).toString()
  const answer = await request(context, url.href, headers)
  if (answer.status === 404) return undefined
  if (isHtml(headerOf(answer.headers, 'content-type'))) refuseRegion(answer.text(), url.href)
  const value = answer.status < 400 ? answer.json() : jsonOrNothing(answer)
  const error = readError(value)
  if (isOverCapacity(answer.status, error)) throw overCapacity(url.href, answer.status)
  if (answer.status !== 200 || error !== undefined) throw refused(url.href, answer.status, error?.message ?? '')
  return { url: url.href, value }
}

/** Asks `imgur.com` itself; `undefined` on 404. */
export async function askWeb(
  context: ExploreContext,
  path: string,
  headers?: Readonly<Record<string, string>>,
): Promise<HttpAnswer | undefined> {
  const answer = await request(context, new URL(path, 'https://imgur.com').href, headers)
  if (answer.status === 404) return undefined
  if (answer.status === 200) return answer
  throw refused(answer.url, answer.status, '')
}

/** One of the web site's own JSON routes; `undefined` on 404. */
export async function askWebJson(context: ExploreContext, path: string): Promise<ApiAnswer | undefined> {
  const answer = await askWeb(context, path)
  if (answer === undefined) return undefined
  if (isHtml(headerOf(answer.headers, 'content-type'))) refuseRegion(answer.text(), answer.url)
  return { url: answer.url, value: answer.json() }
}

/** Errors come as pages of HTML, too. */
function jsonOrNothing(answer: HttpAnswer): unknown {
  try {
    return answer.json()
  } catch {
    return undefined
  }
}

/**
 * Since September 2025 British addresses get a page with these words in place of everything; it is not recorded. Asked
 * only of pages that are not what they should be: anybody may write so into a title.
 */
export function refuseRegion(html: string, url: string): void {
  if (!/not available in your region/i.test(html)) return
  throw new Fault('Blocked', 'imgur is closed to the region of this address', { url })
}

async function request(
  context: ExploreContext,
  url: string,
  headers: Readonly<Record<string, string>> | undefined,
): Promise<HttpAnswer> {
  try {
    return await context.http.request({ url, accept: [400, 401, 403, 404], ...(headers && { headers }) })
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'RateLimited' && thrown.evidence.retryAfter === undefined)
      throw overCapacity(url, thrown.evidence.status ?? 429)
    throw thrown
  }
}

interface ApiError {
  /** Of the envelope, whatever HTTP said: 1203 is another name of over capacity. */
  readonly status: number | undefined
  readonly message: string
}

function readError(value: unknown): ApiError | undefined {
  const read = errorSchema.safeParse(value)
  if (!read.success) return undefined
  const { status, data, errors } = read.data
  const message = data?.error ?? errors?.[0]?.detail
  return message === undefined && status !== 1203 ? undefined : { status, message: message ?? '' }
}

function isOverCapacity(httpStatus: number, error: ApiError | undefined): boolean {
  return error?.status === 1203 || (error?.message.includes('capacity') === true && httpStatus !== 404)
}

function overCapacity(url: string, status: number): Fault {
  return new Fault('RateLimited', 'imgur is over capacity for this address, which may last up to an hour', {
    url,
    status,
    retryAfter: CAPACITY_WAIT_MS,
    advice: '`bowerbird resume` goes on later',
  })
}

function refused(url: string, status: number, message: string): Fault {
  const said = message === '' ? `status ${status}` : `"${message}"`
  if (status === 401 || /client[_ ]id|authentication/i.test(message)) {
    return new Fault('Blocked', `${REFUSED_CLIENT}: ${said}`, {
      url,
      status,
      advice: 'set another one with --option imgur.clientId=…',
    })
  }
  if (/access token/i.test(message)) return new Fault('NeedsLogin', `imgur asks for a login: ${said}`, { url, status })
  if (status === 403)
    return new Fault('Blocked', `imgur refuses the request: ${said}`, {
      url,
      status,
      advice: 'it may be closed to your country or address',
    })
  return new Fault('HttpStatus', `imgur answered ${said}`, { url, status })
}

/** Nothing under this id in any of the interfaces. */
export function gone(what: string, url: string): Fault {
  return new Fault('Gone', `imgur has no ${what}: it was removed or never was`, { url, status: 404 })
}
