import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { curlTests, HAVE_CURL_SUITE, Script } from './curl-suite.ts'
import type { CurlTest } from './curl-suite.ts'
import { fetchFile, open, raw } from './support.ts'

/** What curl refuses for a reason that lies in its command or its disk, not in the reply: `-C` against a 200, `-f`, `-m`, no clobber. */
const REASON_OUTSIDE_OF_REPLY = new Set([
  '29',
  '38',
  '99',
  '189',
  '256',
  '303',
  '752',
  '1042',
  '1460',
  '1479',
  '1637',
  '1683',
])

/**
 * 2305: curl takes only the first member of a concatenated gzip; RFC 1952 (2.2) says all members are the file.
 * 1142: `http:////host` is `http://host/` to a WHATWG URL, the one parser for check and request.
 */
const CURL_IS_STRICTER = new Set(['2305', '1142'])

/**
 * Whole for curl, refused here. llhttp keeps to RFC 9112 where laxness has led to smuggled answers: bare LF in chunk
 * lines, folded or space-led headers, tokens with spaces, two or listed lengths, lengths beside chunks or beyond 2^64,
 * HTTP/0.9. The rest are lengths that the command told curl to ignore, transfer codings that only `--tr-encoding`
 * asks for, redirects that were not followed there or lead to TLS, and second tries that follow a cut first one.
 */
const STRICTER_THAN_CURL = new Set([
  '31',
  '46',
  '61',
  '66',
  '319',
  '341',
  '365',
  '395',
  '693',
  '767',
  '769',
  '770',
  '798',
  '1164',
  '1266',
  '1267',
  '1274',
  '1415',
  '1473',
  '269',
  '1277',
  '54',
  '309',
  '414',
  '473',
  '795',
  '1159',
  '1518',
  '1519',
  '3106',
  '1032',
  '1909',
  '3035',
  '3223',
])

/** Plays one test; whether a whole body with a good status came. */
async function play(id: string, one: CurlTest): Promise<'whole' | 'refused'> {
  const script = new Script(id, one.replies)
  const origin = await raw((socket: Socket, request: string) => {
    socket.end(Buffer.from(script.next(request, new URL(origin).port), 'latin1'))
  })
  const maxSize = /--max-filesize[ =](\d+)/.exec(one.curl_command)?.[1]
  const http = open({
    timeouts: { connect: 2000, firstByte: 2000, idle: 2000 },
    connectTo: [parseConnectTo(`::127.0.0.1:${new URL(origin).port}`)],
    ...(maxSize === undefined ? {} : { maxSize: Number(maxSize) }),
  })
  try {
    await fetchFile(http, `${origin}/${id}`)
    return 'whole'
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code !== 'Internal') return 'refused'
    throw thrown
  }
}

describe.skipIf(!HAVE_CURL_SUITE)('replies of the test suite of curl (skipped without ../shared/suites)', () => {
  const playable = curlTests()

  test('no reply hangs or crashes, and none that curl refuses passes for whole', { timeout: 120_000 }, async () => {
    const passed: string[] = []
    const refused: string[] = []
    for (const [id, one] of playable) {
      const outcome = await play(id, one)
      if (
        outcome === 'whole' &&
        one.curl_exit_code !== '0' &&
        !REASON_OUTSIDE_OF_REPLY.has(id) &&
        !CURL_IS_STRICTER.has(id)
      )
        passed.push(`${id} ${one.checks}`)
      if (outcome === 'refused' && one.curl_exit_code === '0' && !STRICTER_THAN_CURL.has(id))
        refused.push(`${id} ${one.checks}`)
    }
    expect(passed).toEqual([])
    expect(refused).toEqual([])
    expect(playable.length).toBeGreaterThan(200)
  })
})
