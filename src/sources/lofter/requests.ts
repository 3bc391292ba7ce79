import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { HttpAnswer } from '../../core/http.ts'
import type { ExploreContext } from '../../core/source.ts'
import { readShape } from '../../kit/shape.ts'
import { number, text } from './fields.ts'

const API = 'https://api.lofter.com'
/** A client that others send (2025 to 2026); without one the interface is not known to answer. */
const PRODUCT = 'lofter-android-8.2.23'

/** Statuses inside answers, which HTTP calls 200: no such blog, no such post (any more), refused. */
const NO_BLOG = 4200
const NO_POST = 4202
const REFUSED = 403

/** After so many refusals in a row the app's interface is not asked again in this run: it is the same for every post. */
const MOST_REFUSALS = 3

/** Pages of the site are asked for as a phone does, or as a computer: they are two sites. */
export type Device = 'mobile' | 'desktop'

/** The phone's pages come to phones alone. That this one passes for a phone is inferred. */
const MOBILE = 'Mozilla/5.0 (Linux; Android 14; Mobile; compatible; bowerbird)'
export const DESKTOP = 'Mozilla/5.0 (compatible; bowerbird)'

/** Two generations of envelopes: `meta` around `response`, and `code` beside `data`. */
const envelopeSchema = z.union([
  z
    .object({ meta: z.object({ status: number, msg: text }), response: z.unknown() })
    .transform(({ meta, response }) => ({ status: meta.status, ok: 200, message: meta.msg, data: response })),
  z
    .object({ code: z.union([z.number(), z.string()]).transform(Number), msg: text, data: z.unknown() })
    .transform(({ code, msg, data }) => ({ status: code, ok: 0, message: msg, data })),
])

interface Health {
  refusals: number
}

/** Asks the app's interface; what stands in its envelope. */
export async function askApi(
  context: ExploreContext,
  path: string,
  form: Readonly<Record<string, string | number>>,
): Promise<{ readonly data: unknown; readonly url: string }> {
  const url = `${API}${path}?product=${PRODUCT}`
  const health = await context.session('api', async (): Promise<Health> => ({ refusals: 0 }))
  if (health.refusals >= MOST_REFUSALS) throw refused(url, `after ${health.refusals} refusals it is left alone`)
  try {
    const data = await request(context, url, form)
    health.refusals = 0
    return { data, url }
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'Blocked') health.refusals += 1
    throw thrown
  }
}

async function request(
  context: ExploreContext,
  url: string,
  form: Readonly<Record<string, string | number>>,
): Promise<unknown> {
  const body = new URLSearchParams(
    Object.entries(form).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await context.http.request({ url, method: 'POST', headers, body, accept: [400, 401, 403, 404] })
  if (answer.status !== 200) throw refused(url, `status ${answer.status}`, answer.status)
  const { status, ok, message, data } = readShape(envelopeSchema, answer.json(), { what: "Lofter's answer", url })
  if (status === ok) return data
  const said = `status ${status}${message ? ` "${message}"` : ''}`
  if (status === NO_BLOG) throw new Fault('Gone', `Lofter has no such blog: ${said}`, { url })
  if (status === NO_POST) throw new Fault('Gone', `Lofter no longer has this post: ${said}`, { url })
  if (status === REFUSED) throw refused(url, said)
  throw new Fault('SiteChanged', `Lofter answered with ${said}, which is not known`, { url, where: '$.meta.status' })
}

function refused(url: string, said: string, status?: number): Fault {
  return new Fault('Blocked', `Lofter's interface for apps refuses the request: ${said}`, {
    url,
    ...(status !== undefined && { status }),
  })
}

/** A page of the site. Those that want a login lead to the login page, whatever was asked for. */
export async function askPage(context: ExploreContext, url: string, device: Device): Promise<HttpAnswer> {
  const headers = { 'user-agent': device === 'mobile' ? MOBILE : DESKTOP }
  const answer = await context.http.request({ url, headers, accept: [404, 410] })
  if (/^https?:\/\/www\.lofter\.com\/(?:front\/)?login\b/.test(answer.url)) throw needsLogin(url)
  if (answer.status === 200) return answer
  throw new Fault('Gone', `Lofter has nothing at ${url} (any more)`, { url, status: answer.status })
}

function needsLogin(url: string): Fault {
  return new Fault('NeedsLogin', 'Lofter shows this page only to people who are logged in', {
    url,
    advice: 'give the cookies of a login: --cookies FILE or --cookies-from-browser NAME',
  })
}
