import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { replica as deviantart } from '../../replicas/deviantart.ts'
import { replica as imgur } from '../../replicas/imgur.ts'
import type { Ended, Workplace } from './support.ts'
import { jsonLines, workplace } from './support.ts'

/** Following and updating by the real program; the sites are their replicas, over TLS. */
let running: RunningReplicas
let place: Workplace

beforeAll(async () => {
  running = await startReplicas([imgur, deviantart])
})
afterAll(() => running.close())
beforeEach(async () => {
  running.reset()
  place = await workplace()
})
afterEach(() => place.remove())

function collect(...args: readonly string[]): Promise<Ended> {
  const network = ['--connect-to', running.connectTo, '--cacert', running.caFile, '--rate', '1000', '--no-fsync']
  return place.run(...args, ...network)
}

function update(...args: readonly string[]): Promise<Ended> {
  return collect('update', ...args)
}

function endOf({ stdout }: Ended): Readonly<Record<string, unknown>> | undefined {
  return jsonLines(stdout).at(-1)
}

/** Pages of the listing that were asked for since the last look. */
function pages(): readonly string[] {
  const asked = running.requests.flatMap(({ path }) => /\/3\/gallery\/r\/many\/time\/(\d+)/.exec(path)?.[1] ?? [])
  running.reset()
  return asked
}

describe('follow, follows and unfollow', () => {
  it('keep a list of targets, each once, whichever way it is written', async () => {
    expect((await place.run('follow', 'imgur:r/many', 'https://imgur.com/r/many')).stdout).toBe(
      'follows imgur:r/many\nis followed already: https://imgur.com/r/many\n',
    )
    await place.run('follow', 'imgur:user/ghost', '--stop', 'https://imgur.com/s7Raw')
    expect((await place.run('follows')).stdout).toBe(
      'imgur:r/many      not updated yet\nimgur:user/ghost  not updated yet, down to https://imgur.com/s7Raw\n',
    )
    expect((await place.run('unfollow', 'ghost')).stdout).toBe('no longer follows imgur:user/ghost\n')
    expect(jsonLines((await place.run('follows', '--json')).stdout)).toEqual([
      { target: 'imgur:r/many', source: 'imgur', followed: expect.stringMatching(/^20\d\d-/) },
    ])
  })

  it('take lists, tell which lines are no targets, and follow the rest', async () => {
    await writeFile(join(place.folder, 'list.txt'), 'imgur:r/many # the many\nno such thing\nimgur:user/ghost\n')
    const { status, stdout, stderr } = await place.run('follow', '--input', 'list.txt')
    expect(stdout).toBe('follows imgur:r/many\nfollows imgur:user/ghost\n')
    expect(stderr).toContain('no such thing')
    expect(status).toBe(2)
  })

  it('print no secrets', async () => {
    const { stdout } = await place.run('follow', 'https://example.org/feed?token=hunter2')
    const listed = await place.run('follows')
    expect(stdout + listed.stdout).toMatch(/example\.org\/feed\?token=/)
    expect(stdout + listed.stdout).not.toContain('hunter2')
  })

  it.each([
    ['nothing', ['follow'], 'there is no target to follow'],
    ['what is no target', ['follow', 'cats'], 'neither a URL nor a short form'],
    ['a list that is not there', ['follow', '--input', 'none.txt'], 'there is no such file'],
    ['a stop point of two targets', ['follow', 'imgur:r/a', 'imgur:r/b', '--stop', 'https://x.example/'], 'one target'],
    ['a stop point that is no URL', ['follow', 'imgur:r/a', '--stop', 'yesterday'], 'is not a URL'],
    [
      'a stop point without order',
      ['follow', 'imgur:a/sT0nE', '--stop', 'https://imgur.com/x'],
      'not listed newest first',
    ],
    ['a name without a library', ['unfollow', 'x'], 'there is no library at ./bowerbird'],
    ['an update without a library', ['update'], 'there is no library at ./bowerbird'],
  ])('refuse %s, and leave nothing behind', async (_what, args, says) => {
    const { status, stderr } = await place.run(...args)
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)])
    expect((await place.run('follows')).stderr).toContain('there is no library')
  })

  it('refuse what no source takes, as get does', async () => {
    const { status, stderr } = await place.run('follow', 'nowhere:x')
    expect([status, stderr]).toEqual([4, expect.stringContaining('there is no source named "nowhere"')])
    expect((await place.run('follows')).stderr).toContain('there is no library')
  })

  it('refuse a name that nothing has, and say what there is', async () => {
    await place.run('follow', 'imgur:r/many')
    for (const command of ['unfollow', 'update']) {
      const { status, stderr } = await place.run(command, 'mayn')
      expect([status, stderr]).toEqual([2, expect.stringContaining('did you mean "many"?')])
    }
  })
})

describe('update', () => {
  it('says so where nothing is followed', async () => {
    await place.run('follow', 'imgur:r/many')
    await place.run('unfollow', 'many')
    const { status, stderr } = await update()
    expect([status, stderr]).toEqual([0, expect.stringContaining('nothing is followed in this library')])
  })

  it('collects all at first, then reads one page of known ground', async () => {
    await place.run('follow', 'imgur:r/many', 'imgur:r/bowerbirds')
    const first = endOf(await update('many', '--json'))
    expect(first).toMatchObject({ event: 'end', stored: 120, failed: 0, exit: 0 })
    expect(pages()).toEqual(['0', '1', '2'])
    const second = endOf(await update('imgur:r/many', '--json'))
    expect(second).toMatchObject({ event: 'end', stored: 0, known: 60, exit: 0 })
    expect(pages()).toEqual(['0'])
    expect((await place.run('follows')).stdout).toMatch(
      /^imgur:r\/many +updated 20\d\d-\d\d-\d\d\nimgur:r\/bowerbirds +not updated yet\n$/,
    )
  })

  it('takes what is newer than the stop point, whatever address it has', async () => {
    const names = ['https://imgur.com/m00000a', 'https://i.imgur.com/m000007l.jpg']
    for (const [index, stop] of names.entries()) {
      await place.run('follow', 'imgur:r/many', '--stop', stop, '--to', `lib${index}`)
      const end = endOf(await update('--to', `lib${index}`, '--json'))
      expect(end).toMatchObject({ event: 'end', stored: index === 0 ? 10 : 7, known: 0, exit: 0 })
      expect(pages()).toEqual(['0'])
    }
  })

  it('tells in a dry run what is new', async () => {
    await place.run('follow', 'imgur:r/many', '--stop', 'https://imgur.com/m000002')
    const { stdout } = await update('--dry-run', '--print', 'url')
    expect(stdout).toBe('https://i.imgur.com/m000000.jpg\nhttps://i.imgur.com/m000001.jpg\n')
    expect((await place.run('follows')).stdout).toContain('not updated yet')
  })
})

describe('import', () => {
  const info = {
    download_location: 'pictures',
    author_ids: ['zeenchin', 'guweiz', '12345'],
    update_info: { guweiz: 'https://www.deviantart.com/guweiz/art/Light-123456', somebody: 'https://x.example/' },
  }

  async function write(content: unknown): Promise<void> {
    await writeFile(join(place.folder, 'info.json'), typeof content === 'string' ? content : JSON.stringify(content))
  }

  it('follows the artists of info.json from their last works, in its download location', async () => {
    await write(`\uFEFF${JSON.stringify(info)}`)
    const { status, stdout, stderr } = await place.run('import', 'info.json')
    expect(stdout.split('\n')).toEqual([
      'follows deviantart:zeenchin',
      'follows deviantart:guweiz, down to https://www.deviantart.com/guweiz/art/Light-123456',
      'follows https://www.deviantart.com/12345',
      '',
    ])
    expect([status, stderr]).toEqual([0, `next: bowerbird update --to ${join(place.folder, 'pictures')}\n`])
    expect(jsonLines((await place.run('follows', '--to', 'pictures', '--json')).stdout)).toMatchObject([
      { target: 'deviantart:zeenchin' },
      { target: 'deviantart:guweiz', stop: 'https://www.deviantart.com/guweiz/art/Light-123456' },
      { target: 'https://www.deviantart.com/12345' },
    ])
  })

  it('lets update collect what is newer, by an address of a work that has another title by now, and get the rest', async () => {
    const stop = 'https://www.deviantart.com/mira/art/Its-first-title-510000103'
    await write({ download_location: 'lib', author_ids: ['mira'], update_info: { mira: stop } })
    await place.run('import', 'info.json')
    const first = await update('--to', 'lib', '--json')
    expect(endOf(first)).toMatchObject({ stored: 2, known: 0, failed: 0, exit: 0 })
    const stored = jsonLines(first.stdout).filter(({ event }) => event === 'stored')
    expect(stored.map(({ key }) => String(key)).toSorted()).toEqual(['deviantart:810000101', 'deviantart:810000102'])
    expect(endOf(await update('mira', '--to', 'lib', '--json'))).toMatchObject({ stored: 0, known: 2, exit: 0 })
    expect(endOf(await collect('deviantart:mira', '--to', 'lib', '--json'))).toMatchObject({
      stored: 7,
      known: 2,
      exit: 0,
    })
  })

  it('takes an edited stop point over when it is run again', async () => {
    await write(info)
    await place.run('import', 'info.json', '--to', 'lib')
    await write({ ...info, update_info: { guweiz: 'https://www.deviantart.com/guweiz/art/Dark-99' } })
    const { stdout } = await place.run('import', 'info.json', '--to', 'lib')
    expect(stdout).toContain(
      'has another stop point: deviantart:guweiz, down to https://www.deviantart.com/guweiz/art/Dark-99',
    )
    expect((await place.run('follows', '--to', 'lib')).stdout).toContain('art/Dark-99')
  })

  it('takes a folder of Windows for none of this machine', async () => {
    await write({ author_ids: ['wlop'], download_location: String.raw`D:\Pictures` })
    const refused = await place.run('import', 'info.json')
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('name the library on this machine')])
    expect((await place.run('import', 'info.json', '--to', 'lib')).stdout).toBe('follows deviantart:wlop\n')
  })

  it('says who is not followed, and follows the others', async () => {
    await write({ author_ids: ['not/a/name', 'wlop', 'yuumei'], update_info: { yuumei: 'last week', wlop: null } })
    const { status, stdout, stderr } = await place.run('import', 'info.json')
    expect([status, stdout]).toEqual([3, 'follows deviantart:wlop\n'])
    expect(stderr).toContain('not/a/name is not followed: ')
    expect(stderr).toContain('yuumei is not followed: the stop point "last week" of deviantart:yuumei is not a URL')
  })

  it.each([
    ['of another program', '{"extractor": {}}', 'author_ids: a list of names is needed'],
    ['that is no JSON', 'artists: wlop', 'it is not JSON'],
    ['with a list for a text', '{"author_ids": "wlop"}', 'author_ids: a list of names is needed'],
    ['that is not there', undefined, 'there is no such file'],
  ])('refuses a file %s, and tells what it takes', async (_what, content, says) => {
    if (content !== undefined) await write(content)
    const { status, stderr } = await place.run('import', 'info.json')
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)])
    expect(stderr).toContain('import takes info.json of the DeviantArt scraper')
  })
})
