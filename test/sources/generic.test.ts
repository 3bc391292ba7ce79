import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { replica as direct } from '../../replicas/direct.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { replica as page } from '../../replicas/page.ts'
import { replica as template } from '../../replicas/template.ts'
import type { Http } from '../../src/core/http.ts'
import type { Finding } from '../../src/core/source.ts'
import { directKey } from '../../src/kit/keys.ts'
import { source as directSource } from '../../src/sources/direct.ts'
import { source as pageSource } from '../../src/sources/page/page.ts'
import { source as templateSource } from '../../src/sources/template/template.ts'
import {
  contextOf,
  crawl,
  expectedOutcomes,
  faultOf,
  fetchAsset,
  openHttp,
  outcomesOf,
  resolveTarget,
} from './crawl.ts'

let running: RunningReplicas
let http: Http

beforeAll(async () => {
  running = await startReplicas([direct, page, template])
  http = openHttp(running, [], 2)
})
afterAll(async () => {
  await http.close()
  await running.close()
})
beforeEach(() => {
  running.reset()
})

/** All findings of one ref. */
async function explore(
  source: typeof templateSource,
  target: string,
  options: Record<string, string> = {},
): Promise<readonly Finding[]> {
  const ref = resolveTarget(source, target)
  const strategy = source.routes[0]?.strategies[0]
  if (ref === undefined || strategy === undefined) throw new Error(`${source.name} takes no ${target}`)
  const findings: Finding[] = []
  for await (const finding of strategy.explore(ref.params, ref.cursor, contextOf(source, http, options)))
    findings.push(finding)
  return findings
}

describe('template: every target of the replica', () => {
  for (const { target, options = {}, expected } of template.targets) {
    test(`${target}: all files, each with its bytes, and what is missing`, async () => {
      const crawled = await crawl(templateSource, target, http, { options })
      expect(await outcomesOf(crawled, http)).toEqual(await expectedOutcomes(expected))
      expect(crawled.unavailable).toEqual([])
    })
  }

  for (const [name, { mishaps, target, expected }] of Object.entries(template.faults ?? {})) {
    test(`the scenario ${name}`, async () => {
      running.mishap(...mishaps)
      const crawled = await crawl(templateSource, target, http, { options: { 'template.window': '8' } })
      expect(await outcomesOf(crawled, http)).toEqual(await expectedOutcomes(expected))
    })
  }
})

describe('template', () => {
  test('names files by what stands in the ranges', async () => {
    const { assets } = await crawl(templateSource, 'https://scans.example/albums/{recto,verso}/[1-5:2]', http)
    expect([...assets.values()].map(({ meta, index }) => [meta.filename, index])).toEqual([
      ['recto-1', 1],
      ['recto-3', 2],
      ['recto-5', 3],
      ['verso-1', 4],
      ['verso-3', 5],
      ['verso-5', 6],
    ])
  })

  test('lists a long range in pages of a thousand, without a request', async () => {
    const { assets, refs } = await crawl(templateSource, 'https://scans.example/plates/{1..2500}.jpg', http)
    expect([assets.size, refs, running.requests.length]).toEqual([2500, 3, 0])
  })

  test('says where an open end is, and asks for few numbers', async () => {
    const findings = await explore(templateSource, 'https://scans.example/series/{1..}.jpg', { 'template.window': '8' })
    expect(findings.flatMap((finding) => (finding.kind === 'note' ? [finding.message] : []))).toEqual([
      'https://scans.example/series/{1..}.jpg ends at or before 48: nothing was found behind it',
    ])
    expect(running.requests.every(({ method }) => method === 'HEAD')).toBe(true)
    expect(running.requests.length).toBeLessThan(100)
  })

  test('asks for the first bytes where HEAD is refused or bytes decide', async () => {
    await explore(templateSource, 'https://scans.example/no-head/{1..}.jpg', { 'template.window': '8' })
    const gets = running.requests.filter(({ method }) => method === 'GET')
    expect(gets.length).toBeGreaterThan(0)
    expect(gets.every(({ headers }) => headers['range'] === 'bytes=0-63')).toBe(true)
    running.reset()
    const noPk = explore(templateSource, 'https://scans.example/series/{1..}.jpg', {
      'template.window': '8',
      'template.magic': 'PK',
    })
    expect((await faultOf(noPk)).code).toBe('NothingFound')
  })

  test.each([
    ['https://scans.example/walled/{1..}', 'Blocked', 'give the end yourself'],
    ['https://scans.example/nothing/{1..}', 'NothingFound', 'give the end yourself'],
    ['https://scans.example/endless/{1..}', 'Usage', '--option template.magic=PK'],
  ])('%s ends as %s', async (target, code, advice) => {
    const fault = await faultOf(crawl(templateSource, target, http, { options: { 'template.window': '2' } }))
    expect(fault.code).toBe(code)
    expect(fault.evidence.advice).toContain(advice)
  })

  test('takes what is too large for an error page for a file, where the server ignores ranges', async () => {
    const body = Buffer.alloc(1_200_000, 'x')
    const headers = { 'content-type': 'application/zip' }
    running.mishap({ on: 'scans.example/fat/*', does: { kind: 'answer', status: 200, headers, body } })
    const [first] = await explore(templateSource, 'https://scans.example/fat/[1-:2]', {
      'template.window': '1',
      'template.magic': 'PK',
    })
    expect(first?.kind).toBe('asset')
  })

  test("knows how the Louvre's zip route says that there is none", async () => {
    const [first] = await explore(
      templateSource,
      'https://collections.louvre.fr/en/artwork/image/download/{1..400000}/0',
    )
    expect(first?.kind === 'asset' && first.asset).toEqual({
      key: directKey('https://collections.louvre.fr/en/artwork/image/download/1/0'),
      candidates: [{ url: 'https://collections.louvre.fr/en/artwork/image/download/1/0', quality: 'original' }],
      meta: { filename: '1' },
      index: 1,
      rules: { expect: 'archive', enumerated: true, missingIf: { html: true, notMagic: 'PK' } },
    })
  })

  test('an expansion that is no URL is named and does not stop the others', async () => {
    const findings = await explore(templateSource, 'https://{scans,a b}.example/x')
    expect(findings.map(({ kind }) => kind)).toEqual(['asset', 'unavailable'])
  })
})

describe('direct: every target of the replica', () => {
  for (const { target, expected } of direct.targets) {
    test(`${target}: the file, or why not`, async () => {
      const { assets } = await crawl(directSource, target, http)
      const asset = assets.get(Object.keys({ ...expected.files, ...expected.failed })[0] ?? '')
      expect(assets.size).toBe(1)
      if (asset === undefined) throw new Error(`the asset has another key than expected`)
      const outcome = fetchAsset(asset, http).catch((thrown: unknown) =>
        thrown instanceof Error && 'code' in thrown ? thrown.code : thrown,
      )
      expect({ [asset.key]: await outcome }).toEqual(await expectedOutcomes(expected))
    })
  }

  test('a plain URL may be a page, `direct:URL` may not', async () => {
    const [plain] = await explore(directSource, 'https://files.example/login.jpg')
    const [forced] = await explore(directSource, 'direct:https://files.example/login.jpg')
    const otherwise = { source: 'page', route: 'page', params: { url: 'https://files.example/login.jpg' } }
    expect(plain?.kind === 'asset' && plain.asset.rules).toEqual({ otherwise })
    expect(forced?.kind === 'asset' && forced.asset.rules).toBeUndefined()
  })
})

describe('page: every target of the replica', () => {
  for (const { target, options = {}, expected } of page.targets) {
    const named = target.startsWith('page:') ? target : `page:${target}`
    test(`${named} ${JSON.stringify(options)}`, async () => {
      const crawled = await crawl(pageSource, named, http, { options })
      expect(await outcomesOf(crawled, http)).toEqual(await expectedOutcomes(expected))
    })
  }
})

describe('page', () => {
  test('tells what the page says of itself and of each picture', async () => {
    const { assets } = await crawl(pageSource, 'page:https://blog.example/forms.html', http)
    const full = assets.get(directKey('https://blog.example/img/full.jpg'))
    expect(full?.meta).toEqual({
      page: 'https://blog.example/forms.html',
      pageHost: 'blog.example',
      pageTitle: 'All forms',
      author: 'Ann',
      date: '2024-05-06T07:08:09+00:00',
      filename: 'full',
      title: 'In full',
    })
    expect(full?.candidates).toEqual([
      {
        url: 'https://blog.example/img/full.jpg',
        quality: 'full',
        headers: { referer: 'https://blog.example/forms.html' },
      },
      {
        url: 'https://blog.example/img/thumb.jpg',
        quality: 'preview',
        headers: { referer: 'https://blog.example/forms.html' },
      },
    ])
    expect(assets.get(directKey('https://blog.example/img/wide-1200.jpg'))?.meta.width).toBe(1200)
  })

  test('a link to a file without extension is that file, named by the server or the URL', async () => {
    const disposition = {
      'content-type': 'image/webp',
      'content-disposition': "inline; filename*=UTF-8''gr%C3%BCn.webp",
    }
    running.mishap({
      on: 'blog.example/files/named',
      does: { kind: 'answer', status: 200, headers: disposition, body: 'RIFF' },
    })
    const metas = []
    for (const path of ['files/download', 'files/named']) {
      const { assets } = await crawl(pageSource, `page:https://blog.example/${path}`, http)
      metas.push(...[...assets.values()].map(({ meta }) => meta))
    }
    expect(metas).toEqual([
      { filename: 'download', pageHost: 'blog.example' },
      { filename: 'grün', pageHost: 'blog.example' },
    ])
  })

  test('reads the charset that only the page declares', async () => {
    const { assets } = await crawl(pageSource, 'page:https://blog.example/set/two.html', http)
    expect([...assets.values()][0]?.meta['pageTitle']).toBe('写真')
  })

  test('gives a page of many pictures in windows of a thousand', async () => {
    const body = Array.from({ length: 2_345 }, (_, index) => `<img src="/p/${index}.jpg">`).join('')
    running.mishap({
      on: 'blog.example/many',
      does: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body },
    })
    const { assets, refs } = await crawl(pageSource, 'page:https://blog.example/many', http)
    expect([assets.size, refs]).toEqual([2_345, 3])
    expect([...assets.values()].at(-1)?.index).toBe(2_345)
  })

  test.each([
    ['image/jpeg', '\xff\xd8\xff', 1],
    ['text/html', 'GIF89a\0\0', 1],
    ['application/octet-stream', '<!DOCTYPE html><img src=a.jpg><img src=b.jpg>', 2],
    ['text/plain', 'nothing to see', 0],
    ['application/json', '{"image":"https://blog.example/a.jpg"}', 0],
  ])('an answer of type %s beginning with %j holds as much as its bytes say', async (type, text, count) => {
    const body = Buffer.from(text, 'latin1')
    running.mishap({
      on: 'blog.example/odd',
      does: { kind: 'answer', status: 200, headers: { 'content-type': type }, body },
    })
    expect((await crawl(pageSource, 'page:https://blog.example/odd', http)).assets.size).toBe(count)
  })
})
