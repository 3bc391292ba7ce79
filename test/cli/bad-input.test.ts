import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Ended, Site, Workplace } from './support.ts'
import { jsonLines, startSite, workplace } from './support.ts'

let site: Site
let place: Workplace

beforeAll(async () => {
  site = await startSite()
  return () => site.close()
})
beforeEach(async () => {
  place = await workplace()
})
afterEach(() => place.remove())

/** One clear line, what to do, the status, nothing on standard output, and no stack trace. */
function expectRefusal(ended: Ended, status: number, ...parts: readonly (string | RegExp)[]): void {
  for (const part of parts) expect(ended.stderr).toMatch(part)
  expect(ended.stderr).toMatch(/^bowerbird: /)
  expect(ended.stderr).not.toMatch(/^\s+at .+[:(]\d+/m)
  expect(ended.stdout).toBe('')
  expect(ended.status).toBe(status)
}

describe('a mistake on the command line', () => {
  const usage: readonly (readonly [what: string, args: readonly string[], ...parts: readonly string[]])[] = [
    ['an unknown option', ['get', '--jbos', '3', 'https://x.example/a.jpg'], "unknown option '--jbos'", '--jobs'],
    [
      'an option of a later version',
      ['--queue', 'redis://x', 'https://x.example/a'],
      '--queue comes in a later version',
    ],
    ['a command of a later version', ['dedupe', 'lib'], '`bowerbird dedupe` comes in a later version'],
    ['a command of a later version with options', ['serve', '--port', '80'], 'comes in a later version'],
    ['a mistyped command', ['retyr'], '"retyr" is neither a command nor a target', 'bowerbird retry'],
    ['a word that is no target', ['kittens'], '"kittens" is neither a URL', 'did you mean `bowerbird search kittens`?'],
    ['several words', ['red panda'], "did you mean `bowerbird search 'red panda'`?"],
    ['a command behind options', ['--to', 'x', 'retry'], '"retry" stands behind options', 'bowerbird retry ...'],
    ['two that want standard output', ['http://x.example/a', '--json', '--print', 'url'], 'both want standard output'],
    ['help for what is no command', ['help', 'finf'], 'no command "finf"', '"find"'],
    ['no keyword', ['search'], 'there is no keyword', '--csv FILE'],
    ['what cannot be a keyword', ['search', '\u0007'], 'cannot be searched for'],
    ['an unknown provider', ['search', 'cat', '--provider', 'bnig'], '--provider: cannot be "bnig"', 'bing'],
    ['a column of no table', ['search', 'cat', '--column', 'x'], '--column names a column of a table', '--csv FILE'],
    [
      'a table that is not there',
      ['search', '--csv', 'none.csv'],
      'the table none.csv cannot be read: there is no such',
    ],
    [
      'an index that is not there',
      ['--from-index', 'none.json'],
      'the index none.json cannot be read: there is no such',
    ],
    ['no target', [], 'there is no target', '--input FILE'],
    ['a template that does not end', ['http://x.example/{1..'], 'character 18', 'no "}"'],
    ['an empty list in a template', ['http://x.example/{}.jpg'], 'an empty list'],
    ['a range that runs backwards', ['http://x.example/[9-1].jpg'], 'the range runs backwards'],
    ['a scheme that is not the web', ['file:///etc/passwd'], 'file is not http or https'],
    ['a list that is not there', ['-i', 'none.txt'], 'the list none.txt cannot be read: there is no such file'],
    ['an unknown name in --where', ['http://x.example/a', '--where', 'widht > 3'], 'asks for "widht"', '"width"'],
    ['a wrong type in --where', ['http://x.example/a', '--where', 'width > "a"'], 'no such operation: number > text'],
    ['an unknown screen', ['http://x.example/a', '--screen', 'blur'], 'no screen "blur"'],
    ['a bucket', ['http://x.example/a', '-o', 's3://b/p'], 'cannot use "s3://b/p"', 'stores in folders'],
    ['a wrong value', ['http://x.example/a', '--jobs', 'many'], '--jobs: cannot be "many"; it takes a whole number'],
    ['an unknown filter', ['http://x.example/a', '--name', '{title|maxx:3}'], 'unknown filter "maxx"', '"max"'],
    ['an unknown field', ['http://x.example/a', '--name', '{titel}'], 'no source has a field {titel}', '"title"'],
    ['an unknown option of a source', ['http://x.example/a', '--option', 'imgur.gifs=x'], 'no option "gifs"', '"gif"'],
    ['a configuration that is not there', ['http://x.example/a', '--config', 'none.yaml'], 'none.yaml cannot be read'],
    ['a library that is not there', ['resume', '--to', 'none'], 'there is no library at none', '--to DIR'],
    ['nothing to show', ['show'], "missing required argument 'item'"],
    ['a command without what it is to do', ['config'], "missing required argument 'action'", 'init, check, schema'],
    ['an option of other commands', ['find', '--jobs', '3'], "unknown option '--jobs'", 'an option of get, search, '],
    ['cookies that are not there', ['http://x.example/a', '--cookies', 'c.txt'], 'c.txt, cannot be read: there is no'],
    ['one argument too many', ['resume', 'this'], 'too many arguments'],
    ['an unknown action of config', ['config', 'chek'], 'does not know "chek"', '"check"'],
    ['an unknown shell', ['completion', 'tcsh'], 'no completion for "tcsh"'],
    ['an unknown source to tell of', ['sources', 'imgru'], 'no source named "imgru"', '"imgur"'],
    ['an unknown state', ['find', '--state', 'storde'], '"storde" is no state', '"stored"'],
  ]
  it.each(usage.map(([what, args, ...parts]) => ({ what, args, parts })))(
    '$what ends with 2',
    async ({ args, parts }) => {
      expectRefusal(await place.run(...args), 2, ...parts)
      expect(await readdir(place.folder)).toEqual([])
    },
  )

  it('lays out several mistakes, a line each', async () => {
    const { stderr, status } = await place.run('http://x.example/a', '--jobs', '0', '--verify', 'deep')
    expect(stderr.split('\n')).toContainEqual(expect.stringMatching(/^bowerbird: --verify: cannot be "deep"/))
    expect(stderr.split('\n')).toContainEqual(expect.stringMatching(/^ {11}--jobs: cannot be 0/))
    expect(status).toBe(2)
  })
})

describe('a target that cannot be had', () => {
  it('an unknown source ends with 4 and names the nearest one, or where they are listed', async () => {
    expectRefusal(await place.run('imgru:r/funny'), 4, 'no source named "imgru"', 'did you mean imgur:r/funny?')
    expectRefusal(await place.run('flickr:x'), 4, 'no source named "flickr"', 'see `bowerbird sources`')
    expect(await readdir(place.folder)).toEqual([])
  })

  it('what a source does not know ends with 4, and says where all it takes is told', async () => {
    const { stderr, status } = await place.run('louvre:nothing-like-it')
    expect(stderr).toBe(
      'bowerbird: louvre does not know what louvre:nothing-like-it is\n' +
        '           see `bowerbird sources louvre` for what it takes\n',
    )
    expect(status).toBe(4)
  })

  it('a host that does not answer ends with 3 and the command that retries', async () => {
    const { status, stderr } = await place.run('http://127.0.0.1:1/a.jpg', '--retries', '0', '--to', 'lib')
    expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:1\/a\.jpg: .*ECONNREFUSED/)
    expect(stderr).toContain('bowerbird retry --to lib')
    expect(status).toBe(3)
  })

  it('a single URL that answers 404 ends with 3', async () => {
    const { status, stderr } = await place.run(`${site.origin}/none.jpg`)
    expect(stderr).toMatch(/none\.jpg: .*404/)
    expect(stderr).toMatch(/Gone +1 /)
    expect(status).toBe(3)
  })

  it('a page with nothing to collect ends with 4', async () => {
    const { status, stderr } = await place.run(`${site.origin}/empty`)
    expect(stderr).toMatch(/Could not be explored:\n.*nothing to collect/)
    expect(status).toBe(4)
  })
})

describe('a list of targets', () => {
  it('names file and line of what is no target; the rest is collected', async () => {
    const lines = [
      ...[`${site.origin}/n/1.jpg`, '# a comment', 'no target at all', '', `${site.origin}/n/2.jpg`],
      ...['imgru:x', `${site.origin}/empty`, `${site.origin}/n/3.jpg --limit 3`],
    ]
    await writeFile(join(place.folder, 'list.txt'), `\uFEFF${lines.join('\r\n')}`)
    const { status, stdout, stderr } = await place.run('-i', 'list.txt', '--json')
    const events = jsonLines(stdout)
    expect(events.filter(({ event }) => event === 'stored')).toHaveLength(2)
    const { targets, ...end } = z
      .looseObject({ targets: z.array(z.looseObject({ place: z.string() })) })
      .parse(events.at(-1))
    expect(end).toMatchObject({ event: 'end', stored: 2, exit: 4 })
    expect(targets.toSorted((one, other) => one.place.localeCompare(other.place))).toMatchObject([
      { place: 'list.txt:3', code: 'Usage' },
      { place: 'list.txt:6', code: 'UnknownTarget', target: 'imgru:x' },
      { place: 'list.txt:7', code: 'NothingFound', target: `${site.origin}/empty` },
      { place: 'list.txt:8', code: 'UnknownTarget' },
    ])
    // One form for all of them, whatever is wrong.
    expect(stderr).toMatch(/^ {2}list\.txt:3: "no target at all" is neither/m)
    expect(stderr).toMatch(/^ {2}list\.txt:6: there is no source named "imgru" \(for imgru:x\)/m)
    expect(stderr).toMatch(/^ {2}list\.txt:7: .*\/empty.*nothing to collect/m)
    expect(stderr).toMatch(/^ {2}list\.txt:8: .* no options such as --limit; give options on the command line/m)
    expect(status).toBe(4)
  })
})

describe('what is written behind a target in a list', () => {
  it('is a comment behind a blank; without a blank # begins a fragment', async () => {
    const lines = [
      `${site.origin}/n/1.jpg # the first`,
      `${site.origin}/n/2.jpg\t#the second # of all`,
      `   # nothing but this`,
      `${site.origin}/n/3.jpg#top`,
      `${site.origin}/n/4.jpg#top # with both`,
    ]
    await writeFile(join(place.folder, 'list.txt'), lines.join('\n'))
    const { status, stdout } = await place.run('-i', 'list.txt', '--print', 'path', '--to', 'lib')
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual([1, 2, 3, 4].map((number) => `lib/127.0.0.1/${number}.jpg`))
    expect(status).toBe(0)
    const [item] = jsonLines((await place.run('find', '127.0.0.1/4', '--to', 'lib', '--json')).stdout)
    expect(item?.['targets']).toEqual([`${site.origin}/n/4.jpg#top`])
  })
})

describe('a library that cannot be used', () => {
  it('a file in its place ends with 5, and the file stays', async () => {
    await writeFile(join(place.folder, 'lib'), 'mine')
    expectRefusal(await place.run(`${site.origin}/n/1.jpg`, '--to', 'lib'), 5, /lib is a file/, 'name another place')
    expect(await readFile(join(place.folder, 'lib'), 'utf8')).toBe('mine')
  })

  it('a place where no folder can be made ends with 5, at once', async () => {
    // Also for root: the kernel makes nothing in /proc.
    const ended = await place.run(`${site.origin}/n/1.jpg`, '--to', '/proc/library')
    expectRefusal(ended, 5, 'name another one')
    expect(ended.stderr).toContain('/proc/library cannot be made')
  })

  it('a link that leads nowhere ends with 5', async () => {
    await symlink('/proc/none/of/it', join(place.folder, 'lib'))
    const { status, stderr } = await place.run(`${site.origin}/n/1.jpg`, '--to', 'lib')
    expect(stderr).toMatch(/^bowerbird: .*lib/)
    expect(status).toBe(5)
  })

  it('a damaged catalog ends with 5, says which file, and leaves everything as it is', async () => {
    const folder = join(place.folder, 'lib', '.bowerbird')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'catalog.db'), 'this is not a database, but somebody may want it back\n')
    const ended = await place.run(`${site.origin}/n/1.jpg`, '--to', 'lib')
    expectRefusal(ended, 5, /catalog\.db is not a sound database/, 'bowerbird doctor --rebuild')
    expectRefusal(await place.run('find', '--to', 'lib'), 5, /catalog\.db is not a sound database/)
    expect(await readFile(join(folder, 'catalog.db'), 'utf8')).toContain('want it back')
  })
})
