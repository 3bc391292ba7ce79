import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { curlTests, HAVE_CURL_SUITE, Script } from '../http/curl-suite.ts'
import { jpeg, sha256 } from '../engine/pictures.ts'
import { rawServer } from './support/raw.ts'
import type { RawServer } from './support/raw.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const WHY = HAVE_CURL_SUITE ? '' : ' (skipped without ../shared/suites)'
/** Outcomes of a reply that is no picture, or that breaks the rules. */
const OUTCOMES =
  /^(stored|BadResponse|Truncated|Network|Timeout|HttpStatus|Html|WrongType|Empty|Damaged|TooLarge|Gone|Blocked|NeedsLogin|RateLimited|Redirect|Address)$/

/** Without those that ask for patience or come encoded: rows 15 to 17 and 21 are about them. */
const PLAYED = curlTests().filter(
  ([, { replies }]) => !/retry-after|content-encoding|HTTP\/1.1 (?:429|503)/i.test(JSON.stringify(replies)),
)

describe.skipIf(!HAVE_CURL_SUITE)(`hostile replies${WHY}`, () => {
  const servers: RawServer[] = []
  /** Hashes of all bodies. */
  const served = new Set<string>()
  let scene: Scene
  let round: Round

  beforeAll(async () => {
    scene = await Scene.lasting()
    const urls: string[] = []
    for (const [id, { replies }] of PLAYED) {
      const script = new Script(id, replies)
      const server = await rawServer((socket, request) => {
        const reply = script.next(request, String(server.port))
        served.add(sha256(Buffer.from(reply.slice(reply.indexOf('\r\n\r\n') + 4), 'latin1')))
        socket.end(Buffer.from(reply, 'latin1'))
      })
      servers.push(server)
      urls.push(server.url(`/${id}`))
    }
    const body = scene.hold('/sound.jpg', jpeg('sound'))
    served.add(sha256(body))
    scene.site.on('/sound.jpg', { headers: { 'content-type': 'image/jpeg' }, body })
    const targets = [...urls, scene.site.url('/sound.jpg')].map((url) => `direct:${url}`)
    const flags = ['--retries', '0', '--timeout', '3']
    round = await Round.run(scene, [...targets, ...flags], { sums: served, opaque: ['.txt'], unfinished: true })
  })

  afterAll(async () => {
    for (const server of servers) await server.close()
    await scene.close()
  })

  test('row 23: each reply of the test suite of curl ends its own item; the program lives, and nothing of them is a picture', () => {
    expect([round.problems, round.status]).toEqual([[], 3])
    expect(round.end.stored + round.end.failed).toBe(servers.length + 1)
    expect(servers.length).toBeGreaterThan(200)
    const others = PLAYED.filter(([id]) => !OUTCOMES.test(round.of(`/${id}`)))
    expect(others.map(([id, { checks }]) => `${id} ${checks}: ${round.of(`/${id}`)}`)).toEqual([])
    expect([round.of('/sound.jpg'), round.reason('/sound.jpg')]).toEqual(['stored', ''])
    // Texts that are named as such may be stored as what they are.
    const kept = scene.library.names.filter((name) => !name.endsWith('.txt'))
    expect(kept).toEqual(['127.0.0.1/sound.jpg'])
    expect(round.finished.stderr).not.toMatch(/Internal|^\s+at /m)
  })
})
