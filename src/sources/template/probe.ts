import { Fault } from '../../core/errors.ts'
import type { HttpAnswer, SourceHttp } from '../../core/http.ts'
import { headerOf, isHtml } from '../../kit/answers.ts'

/** Numbers of a window that are asked for at once. */
const AT_ONCE = 8
/** What sites answer for a number they do not have, or do not show. Anything else beyond 2xx is a fault. */
const ABSENT = [400, 401, 403, 404, 405, 406, 410, 416, 451, 501] as const
/** Servers that refuse HEAD, or answer it with the status of something else, are asked with GET for the first bytes. */
const HEAD_REFUSED: ReadonlySet<number> = new Set([400, 403, 405, 501])
/** A server that ignores ranges may send the whole file: beyond this it is one, whatever it begins with. */
const MOST_PROBED_BYTES = 1 << 20

export interface ProbeRules {
  readonly missingHtml: boolean
  /** The first bytes of every file, latin1. */
  readonly magic?: string
}

export interface Probed {
  readonly there: boolean
  /** 401 or 403: a wall rather than a hole. */
  readonly wall?: number
}

/** Whether any of these URLs leads to a file. Stops at the first that does. */
export async function probeAny(urls: readonly string[], http: SourceHttp, rules: ProbeRules): Promise<Probed> {
  let wall: number | undefined
  for (let from = 0; from < urls.length; from += AT_ONCE) {
    const probed = await Promise.all(urls.slice(from, from + AT_ONCE).map((url) => probe(url, http, rules)))
    if (probed.some(({ there }) => there)) return { there: true }
    wall ??= probed.find((each) => each.wall !== undefined)?.wall
  }
  return { there: false, ...(wall !== undefined && { wall }) }
}

async function probe(url: string, http: SourceHttp, rules: ProbeRules): Promise<Probed> {
  const head = await http.request({ url, method: 'HEAD', accept: ABSENT })
  if (!HEAD_REFUSED.has(head.status)) {
    if (!isFile(head, rules)) return absent(head.status)
    if (rules.magic === undefined) return { there: true }
  }
  return probeBytes(url, http, rules)
}

async function probeBytes(url: string, http: SourceHttp, rules: ProbeRules): Promise<Probed> {
  try {
    const headers = { range: 'bytes=0-63', 'accept-encoding': 'identity' }
    const answer = await http.request({ url, headers, accept: ABSENT, maxBytes: MOST_PROBED_BYTES })
    if (!isFile(answer, rules)) return absent(answer.status)
    const begins = rules.magic === undefined || Buffer.from(answer.bytes).toString('latin1').startsWith(rules.magic)
    return { there: begins }
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'TooLarge') return { there: true }
    throw thrown
  }
}

function isFile(answer: HttpAnswer, rules: ProbeRules): boolean {
  if (answer.status >= 300) return false
  return !(rules.missingHtml && isHtml(headerOf(answer.headers, 'content-type')))
}

function absent(status: number): Probed {
  return status === 401 || status === 403 ? { there: false, wall: status } : { there: false }
}
