/** `search` and `get --from-index`, as somebody would type them, against replicas of search engines over TLS. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dataUrl, PICTURES } from '../../replicas/search/pictures.ts'
import { makeMedia } from '../../replicas/harness/media.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { optionOf } from '../../src/config/options.ts'
import { source } from '../../src/sources/search/search.ts'
import type { Ended, Workplace } from './support.ts'
import { jsonLines, workplace } from './support.ts'

const { first, second, third, fourth, fifth, sixth, seventh, gone, web, standing, later, proud, inline } = PICTURES
const SATIN = [first, second, third, fourth, fifth, sixth, seventh].map(({ url }) => url)

let running: RunningReplicas
let place: Workplace

beforeAll(async () => {
  running = await startReplicas(['search'])
})
afterAll(() => running.close())
beforeEach(async () => {
  running.reset()
  place = await workplace()
})
afterEach(() => place.remove())

function run(...args: readonly string[]): Promise<Ended> {
  return place.run(...args, '--connect-to', running.connectTo, '--cacert', running.caFile, '--rate', '1000')
}

/** The files of a library with the digest of what is in them. */
async function files(library: string): Promise<Readonly<Record<string, string>>> {
  const all = await readdir(join(place.folder, library), { recursive: true, withFileTypes: true })
  const paths = all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(place.folder, library).length + 1))
    .filter((path) => !path.startsWith('.bowerbird/') && path !== 'keyword_urls.json')
  const digests = paths.map(async (path) => [path, sha256(await readFile(join(place.folder, library, path)))] as const)
  return Object.fromEntries(await Promise.all(digests))
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The digest of what a picture's host sends. */
async function digestOf({ served }: (typeof PICTURES)[keyof typeof PICTURES]): Promise<string> {
  if (!('media' in served)) throw new Error('this picture has no bytes')
  return (await makeMedia(served.media)).sha256
}

async function index(library: string): Promise<unknown> {
  return JSON.parse(await readFile(join(place.folder, library, 'keyword_urls.json'), 'utf8'))
}

describe('search', () => {
  test('collects the first images of each keyword into a folder of its own, by number', async () => {
    const { status, stderr } = await run('search', 'satin bowerbird', 'nothing at all', '--limit', '3', '--to', 'lib')
    expect([status, stderr]).toEqual([4, expect.stringContaining('bing finds no image for "nothing at all"')])
    expect(await files('lib')).toEqual({
      'satin bowerbird/0001.jpg': await digestOf(first),
      'satin bowerbird/0002.png': await digestOf(second),
      'satin bowerbird/0003.webp': await digestOf(third),
    })
    expect(await index('lib')).toEqual({ 'satin bowerbird': SATIN.slice(0, 3), 'nothing at all': [] })
  })

  test('takes the next result in place of one that fails; numbers are listed positions, so gaps stay', async () => {
    const { status, stdout } = await run('search', 'bower ruins', '--limit', '4', '--to', 'lib', '--json')
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'end', stored: 4, failed: 2 })
    expect(status).toBe(3)
    expect(await files('lib')).toEqual({
      'bower ruins/0001.jpg': await digestOf(standing),
      'bower ruins/0003.png': await digestOf(inline),
      'bower ruins/0005.jpg': await digestOf(proud),
      'bower ruins/0006.jpg': await digestOf(later),
    })
    const urls = [standing, gone, inline, web, proud, later].map(({ url }) => url)
    expect(await index('lib')).toEqual({ 'bower ruins': urls })
  })

  test('ends where the provider has no more, and a second time everything is known', async () => {
    expect((await run('search', 'satin bowerbird', '--to', 'lib')).status).toBe(0)
    expect(Object.keys(await files('lib'))).toHaveLength(7)
    const again = await run('search', '  satin   bowerbird ', '--to', 'lib', '--json')
    expect(jsonLines(again.stdout).at(-1)).toMatchObject({ stored: 0, known: 7, exit: 0 })
    expect(await index('lib')).toEqual({ 'satin bowerbird': SATIN })
  })

  test('asks the provider that is named, and knows what another one has found', async () => {
    await run('search', 'satin bowerbird', '--to', 'lib', '--limit', '2')
    const { stdout } = await run('search', 'satin bowerbird', '--provider', 'openverse', '--to', 'lib', '--json')
    expect(jsonLines(stdout)[0]).toMatchObject({ targets: ['search:openverse/satin bowerbird'] })
    expect(jsonLines(stdout).at(-1)).toMatchObject({ stored: 5, known: 2 })
  })

  test('has twenty images as its limit, unless somebody says otherwise; a run keeps what it had', async () => {
    const catalog = join(place.folder, 'lib/.bowerbird/catalog.db')
    const plans = async (): Promise<unknown> => {
      const { DatabaseSync } = await import('node:sqlite')
      const database = new DatabaseSync(catalog, { readOnly: true })
      try {
        return database.prepare('select plan from runs order by id').all()
      } finally {
        database.close()
      }
    }
    await run('search', 'nothing at all', '--to', 'lib')
    await run('search', 'nothing at all', '--to', 'lib', '--option', 'search.limit=5')
    const [one, two] = JSON.stringify(await plans()).split('},{')
    expect(one).toMatch(/\\"limit\\":20/)
    expect(two).not.toMatch(/\\"limit\\":20/)
  })

  test('reads keywords from a table, tells what is wrong with a row by its line, and goes on', async () => {
    const rows = [
      '\uFEFFid;animal',
      '1;"satin bowerbird"',
      '2;\u0001\u0002',
      '3; nothing at all ',
      '4;satin  bowerbird',
    ]
    await writeFile(join(place.folder, 'queries.csv'), rows.join('\r\n'))
    const { status, stdout, stderr } = await run(
      ...['search', '--csv', 'queries.csv', '--column', 'Animal', '--limit', '1', '--to', 'lib', '--json'],
    )
    expect(jsonLines(stdout)[0]).toMatchObject({
      targets: ['search:bing/satin bowerbird', 'search:bing/nothing at all'],
    })
    expect(jsonLines(stdout).at(-1)).toMatchObject({ stored: 1, targets: [{ place: 'queries.csv:3' }, {}] })
    expect(stderr).toMatch(/^ {2}queries\.csv:3: .* cannot be searched for$/m)
    expect(status).toBe(4)
  })

  test('of a dry run leaves no index behind', async () => {
    const { stdout } = await run('search', 'satin bowerbird', '--limit', '2', '--dry-run', '--print', 'url')
    expect(stdout).toBe(`${SATIN.slice(0, 2).join('\n')}\n`)
    expect(await readdir(place.folder)).toEqual([])
  })

  test('offers the providers that there are', () => {
    const routes = source.routes.map(({ name }) => name).filter((name) => name !== 'index')
    expect(optionOf('provider').choices).toEqual(routes)
  })
})

describe('the index of keywords', () => {
  test('is for the user alone, and keeps what earlier runs found', async () => {
    await run('search', 'satin bowerbird', '--limit', '1', '--to', 'lib')
    await run('search', 'nothing at all', '--to', 'lib')
    expect(await index('lib')).toEqual({ 'satin bowerbird': SATIN.slice(0, 3), 'nothing at all': [] })
    expect((await stat(join(place.folder, 'lib/keyword_urls.json'))).mode & 0o777).toBe(0o600)
    // As a process leaves it that is killed while it writes; no process has this number.
    await writeFile(join(place.folder, 'lib/.bowerbird/keyword_urls.json.4194305'), '{"satin')
    await run('search', 'nothing at all', '--to', 'lib')
    expect(await readdir(join(place.folder, 'lib/.bowerbird'))).not.toContainEqual(expect.stringMatching(/keyword/))
  })

  test('collects the same files into the same folders under the same numbers', async () => {
    await run('search', 'satin bowerbird', 'bower ruins', '--to', 'lib')
    const { status } = await run('get', '--from-index', 'lib/keyword_urls.json', '--to', 'copy')
    expect(status).toBe(3)
    const { 'bower ruins/0005.jpg': hotlinked, ...others } = await files('lib')
    // An index has no page that could be referred to: its host refuses this one.
    expect(hotlinked).toBe(await digestOf(proud))
    expect(await files('copy')).toEqual(others)
    expect(await index('copy')).toEqual(await index('lib'))
    const again = await run('get', '--from-index', 'lib/keyword_urls.json', '--to', 'lib', '--json')
    expect(jsonLines(again.stdout).at(-1)).toMatchObject({ stored: 0, known: 11 })
  })

  test('may be the dict that the original printed; --limit holds for each keyword', async () => {
    const urls = [
      gone.url,
      ...SATIN.slice(0, 2),
      'javascript:alert(1)',
      dataUrl({ format: 'literal', mime: 'image/gif', base64: 'R0lGODlhAQABAAAAACw=' }),
    ]
    const dict = `{'blue bird': [${urls.map((url) => `u'${url}'`).join(', ')}], "d\\xf6hle": ['${SATIN[2]}']}`
    await writeFile(join(place.folder, 'keyword_urls.txt'), dict)
    const { status } = await run('get', '--from-index', 'keyword_urls.txt', '--limit', '2', '--to', 'lib')
    expect(status).toBe(3)
    expect(await files('lib')).toEqual({
      'blue bird/0002.jpg': await digestOf(first),
      'blue bird/0003.png': await digestOf(second),
      'döhle/0001.webp': await digestOf(third),
    })
  })

  test('makes safe folders of hostile keywords, and leaves out those without a URL', async () => {
    const keywords = ['../../up', '..', 'a/b', '__proto__', '\u202egpj.exe', 'x'.repeat(300)]
    const lists = [...keywords.map((keyword) => [keyword, [first.url]] as const), ['empty', []] as const]
    await writeFile(join(place.folder, 'index.json'), JSON.stringify(Object.fromEntries(lists)))
    expect((await run('--from-index', 'index.json', '--to', 'lib/in')).status).toBe(0)
    const paths = Object.keys(await files('lib/in'))
    expect(paths).toHaveLength(keywords.length)
    for (const path of paths) expect(path).toMatch(/^[^/]{1,255}\/0001\.jpg$/)
    expect(paths.join('')).not.toContain('\u202e')
    expect([await readdir(place.folder), await readdir(join(place.folder, 'lib'))]).toEqual([
      ['index.json', 'lib'],
      ['in'],
    ])
  })

  test('keeps the secrets of its URLs out of the catalog and of what is told', async () => {
    const url = `${first.url}?token=SECRET-1`
    await writeFile(join(place.folder, 'index.json'), JSON.stringify({ cat: [url] }))
    const { stdout, stderr } = await run('--from-index', 'index.json', '--to', 'lib', '--json')
    const catalog = await readFile(join(place.folder, 'lib/.bowerbird/catalog.db'), 'latin1')
    expect([stdout, stderr, catalog].filter((text) => text.includes('SECRET-1'))).toEqual([])
    expect(await index('lib')).toEqual({ cat: [url] })
  })

  test('that is none is refused with its line before anything starts', async () => {
    await writeFile(join(place.folder, 'bad.txt'), "{'cat': [\n  open('/etc/passwd')]}")
    const { status, stderr } = await run('get', '--from-index', 'bad.txt', '--to', 'lib')
    expect(stderr).toMatch(/^bowerbird: bad\.txt:2 is no index of keywords and URLs: neither JSON nor a dict of Python/)
    expect(status).toBe(2)
    expect(await readdir(place.folder)).toEqual(['bad.txt'])
  })

  test('that the user has put something else in its place stays as it is, and that is told', async () => {
    await run('search', 'nothing at all', '--to', 'lib')
    await writeFile(join(place.folder, 'lib/keyword_urls.json'), 'my own notes')
    const { status, stderr } = await run('search', 'satin bowerbird', '--limit', '1', '--to', 'lib')
    expect(await readFile(join(place.folder, 'lib/keyword_urls.json'), 'utf8')).toBe('my own notes')
    expect(stderr).toMatch(/^bowerbird: .*lib\/keyword_urls\.json:1 is no index.*\n +it stays as it is/m)
    expect([status, Object.keys(await files('lib'))]).toEqual([2, ['satin bowerbird/0001.jpg']])
  })

  test('goes on with its search after an interruption', async () => {
    running.mishap({ on: 'images.bower.example/full/satin-2.png', times: 1, does: { kind: 'silence' } })
    const child = place.start(
      ...['search', 'satin bowerbird', '--to', 'lib', '--json', '-j', '1', '--connect-to', running.connectTo],
      ...['--cacert', running.caFile, '--rate', '1000'],
    )
    await new Promise<void>((resolve) => {
      let told = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        told += chunk.toString()
        if (told.includes('"event":"stored"')) resolve()
      })
    })
    child.kill('SIGKILL')
    expect((await run('resume', '--to', 'lib')).status).toBe(0)
    expect(Object.keys(await files('lib'))).toHaveLength(7)
    expect(await index('lib')).toEqual({ 'satin bowerbird': SATIN })
  })
})
