/** What a user of the scraper that this source replaces did with it, by the real program. */
import { globSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { replica } from '../../replicas/lofter.ts'
import { SAMPLES } from '../../replicas/lofter/site.ts'
import { workplace } from '../cli/support.ts'
import type { Ended, Workplace } from '../cli/support.ts'

let running: RunningReplicas
let place: Workplace

beforeAll(async () => {
  running = await startReplicas([replica])
})
afterAll(() => running.close())
beforeEach(async () => {
  running.reset()
  place = await workplace()
})
afterEach(() => place.remove())

function run(command: string, ...args: readonly string[]): Promise<Ended> {
  const way = ['--connect-to', running.connectTo, '--cacert', running.caFile, '--rate', '1000']
  return place.run(command, ...args, ...way)
}

function get(...args: readonly string[]): Promise<Ended> {
  return run('get', ...args, '--option', 'lofter.pageSize=3')
}

function files(): readonly string[] {
  return globSync('**/*.jpg', { cwd: `${place.folder}/library` }).toSorted()
}

function asked(path: string): number {
  return running.requests.filter((request) => request.path.startsWith(path)).length
}

const BLOG = '蓝色凉亭 - Blue Bower'

describe('--pages', () => {
  test('takes these pages of a blog, which are counted first, into a folder by its title', async () => {
    const { status, stderr } = await get('lofter:bluebower', '--to', 'library', '--pages', '2-2', '--folder', '{blog}')
    expect(status).toBe(0)
    expect(stderr).toContain('bluebower.lofter.com has 3 pages of 3 posts')
    expect(files()).toEqual([
      `${BLOG}/2025-02-24 1faf7c47_34cbafc8e_01.jpg`,
      `${BLOG}/2025-02-25 1faf7c47_34cbb0c8e_01.jpg`,
    ])
  })

  test('from a page on, with an end beyond the last', async () => {
    expect((await get('lofter:bluebower', '--to', 'library', '--pages', '3-160')).status).toBe(0)
    expect(files()).toEqual([
      `lofter/${BLOG}/2025-02-21 1faf7c47_34cbacc8e_01.jpg`,
      `lofter/${BLOG}/2025-02-22 1faf7c47_34cbadc8e_01.jpg`,
    ])
  })

  test('asks for no post of the pages before', async () => {
    expect((await get('lofter:tag/凉亭', '--to', 'library', '--pages', '2-2')).status).toBe(0)
    // The one whose upload is lost is asked for once more.
    expect([files().length, asked('/oldapi/post/detail.api')]).toEqual([2, 3])
  })

  test('the same where the app refuses and its posts are asked for by page', async () => {
    running.mishap({ on: 'api.lofter.com/*', does: { kind: 'answer', status: 403 } })
    expect((await get('lofter:bluebower', '--to', 'library', '--pages', '3-3')).status).toBe(0)
    expect(files().length).toBe(2)
    expect(running.requests.filter(({ path }) => path.startsWith('/post/')).length).toBe(2)
  })
})

test('folders by the title of the post: untitled ones by the head of their text, else by day and number', async () => {
  const { status } = await get(
    'lofter:bluebower',
    '--to',
    'library',
    '--folder',
    '{author}/{title}',
    '--name',
    '{index:02}',
  )
  expect(status).toBe(0)
  expect(files()).toEqual(
    [
      '2025-02-21 1faf7c47_34cbacc8e/01.jpg',
      'Glass/01.jpg',
      'Lost and found/01.jpg',
      'March_ 1_3/01.jpg',
      'March_ 1_3/02.jpg',
      'March_ 1_3/03.jpg',
      'Of moss/01.jpg',
      'On berries/01.jpg',
      'Straw & shells,/01.jpg',
      'Straw & shells,/02.jpg',
    ].map((path) => `${BLOG}/${path}`),
  )
})

test('--overwrite fetches again, a second call without it nothing', async () => {
  await get('lofter:bluebower', '--to', 'library', '--jobs', '4')
  running.reset()
  await get('lofter:bluebower', '--to', 'library')
  expect(asked('/img/')).toBe(0)
  await get('lofter:bluebower', '--to', 'library', '--overwrite', '--timeout', '8')
  // The upload that is lost is asked for twice before what is shown of it.
  expect(asked('/img/')).toBe(12)
})

test('what failed is fetched by retry', async () => {
  const [picture] = SAMPLES.quietPost.pictures
  running.mishap({ on: picture?.raw ?? '', does: { kind: 'answer', status: 500 } })
  const first = await get('lofter:bluebower', '--to', 'library', '--retries', '0')
  expect([first.status, files().length]).toEqual([3, 9])
  running.reset()
  const again = await run('retry', '--to', 'library')
  expect([again.status, files().length]).toEqual([0, 10])
})

test('the time limit that the source advises is told', async () => {
  const { stdout } = await place.run('sources', 'lofter')
  expect(stdout).toContain('Limits, unless --per-host, --rate or --timeout says otherwise')
  expect(stdout).toMatch(/^ {2}api\.lofter\.com: 2 at once, 2 a second, given up after 8 s of silence$/m)
})
