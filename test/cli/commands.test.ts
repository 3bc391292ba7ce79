import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import type { Site, Workplace } from './support.ts'
import { jsonLines, startSite, workplace } from './support.ts'

const execute = promisify(execFile)

let site: Site
let place: Workplace

beforeEach(async () => {
  site = await startSite()
  place = await workplace()
})
afterEach(async () => {
  await site.close()
  await place.remove()
})

describe('help', () => {
  it.each([[[]], ...COMMANDS.map(({ name }) => [[name]])])('of %j fits 80 columns', async (command) => {
    const { stdout, status } = await place.run(...command, '--help')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(stdout).toContain('bowerbird')
    expect(status).toBe(0)
  })

  it('groups the options of get and shows examples', async () => {
    const { stdout } = await place.run('get', '--help')
    for (const part of [
      'Library:',
      'What to collect:',
      'Speed and patience:',
      '--per-host',
      'Examples:',
      'wait note end',
    ])
      expect(stdout).toContain(part)
  })
})

describe('find and show', () => {
  beforeEach(async () => {
    await place.run(`${site.origin}/n/{1..12}.jpg`, `${site.origin}/none.jpg`, '--to', 'lib', '-q')
  })

  it('find streams what fits: a table, NDJSON, paths or URLs', async () => {
    const table = await place.run('find', '--to', 'lib', '--state', 'stored')
    expect(table.stdout.trim().split('\n')).toHaveLength(11)
    expect(table.stdout).toMatch(/^stored\t\d+ B\t64x48\t127\.0\.0\.1\/12\.jpg\t$/m)
    const json = jsonLines((await place.run('find', '--to', 'lib', '--json')).stdout)
    expect(json).toContainEqual(expect.objectContaining({ state: 'failed', url: `${site.origin}/none.jpg` }))
    expect(json).toHaveLength(13)
    const paths = (await place.run('find', '127.0.0.1/3', '--to', 'lib', '--print', 'path')).stdout
    expect(paths).toBe('lib/127.0.0.1/3.jpg\n')
    expect((await place.run('find', '--to', 'lib', '--state', 'failed', '--print', 'url')).stdout).toBe(
      `${site.origin}/none.jpg\n`,
    )
  })

  it('find --where asks what was listed and what the files told', async () => {
    const where = async (condition: string): Promise<number> =>
      (await place.run('find', '--to', 'lib', '--print', 'path', '--where', condition)).stdout.split('\n').length - 1
    expect(await where('width == 64 && kind == "image"')).toBe(11)
    expect(await where('width > 64')).toBe(0)
    expect(await where('filename in ["1", "2"] && source == "template"')).toBe(2)
    expect(await where('route == "template"')).toBe(0)
  })

  it('find says on standard error when nothing fits, and that is no failure', async () => {
    const { stdout, stderr, status } = await place.run('find', 'walrus', '--to', 'lib')
    expect([stdout, stderr, status]).toEqual(['', 'nothing in the catalog fits\n', 0])
  })

  it('show tells everything of one item, as JSON too', async () => {
    const [stored] = jsonLines((await place.run('find', '127.0.0.1/3', '--to', 'lib', '--json')).stdout)
    const key = String(stored?.['key'])
    const { stdout } = await place.run('show', key, '--to', 'lib')
    expect(stdout).toMatch(/^ {2}file +lib\/127\.0\.0\.1\/3\.jpg$/m)
    expect(stdout).toMatch(/^ {2}is +image\/jpeg, \d+ B, 64 x 48$/m)
    expect(jsonLines((await place.run('show', key, '--to', 'lib', '--json')).stdout)).toEqual([stored])
  })

  it('show takes the path of a file, from here or from the library', async () => {
    for (const path of ['lib/127.0.0.1/3.jpg', './lib/127.0.0.1/../127.0.0.1/3.jpg', '127.0.0.1/3.jpg'])
      expect((await place.run('show', path, '--to', 'lib')).stdout).toMatch(/^ {2}file +lib\/127\.0\.0\.1\/3\.jpg$/m)
    const { status, stderr } = await place.run('show', '3.jpg', '--to', 'lib')
    expect(status).toBe(2)
    expect(stderr).toContain('has no item 3.jpg')
  })

  it('find names what failed by its URL', async () => {
    const { stdout } = await place.run('find', '--state', 'failed', '--to', 'lib')
    expect(stdout).toBe(`failed\t\t\t${site.origin}/none.jpg: the server does not have it (HTTP 404)\t\n`)
  })
})

describe('sources and explain', () => {
  it('sources tells what is supported, of one everything', async () => {
    expect((await place.run('sources')).stdout).toMatch(/^imgur +images, albums/m)
    const { stdout } = await place.run('sources', 'imgur')
    for (const part of [
      'bowerbird imgur:r/funny\n             or https://imgur.com/r/funny',
      'gif=mp4',
      '  albumTitle  the title of its album',
      'api.imgur.com: 4 at once, 2 a second',
    ])
      expect(stdout).toContain(part)
    const [json] = jsonLines((await place.run('sources', 'imgur', '--json')).stdout)
    expect(json).toMatchObject({
      name: 'imgur',
      options: expect.arrayContaining([expect.objectContaining({ name: 'gif' })]),
    })
  })

  it('explain tells source, route and parameters without a request, and goes on behind what is none', async () => {
    const { stdout, stderr, status } = await place.run(
      'explain',
      'imgur:r/funny',
      'imgru:x',
      'http://x.example/{1..5}',
      '--json',
    )
    expect(jsonLines(stdout)).toMatchObject([
      { source: 'imgur', route: 'subreddit', params: { subreddit: 'funny' } },
      { source: 'template', total: 5 },
    ])
    expect(stderr).toContain('no source named "imgru"')
    expect(status).toBe(4)
  })
})

describe('config', () => {
  it('init writes a commented file once, check finds it sound, and says what is wrong with it', async () => {
    const file = join(place.folder, 'config', 'bowerbird', 'config.yaml')
    expect((await place.run('config', 'init')).stdout).toContain(`wrote ${file}`)
    const text = await readFile(file, 'utf8')
    expect(text).toContain('#jobs: 24')
    expect((await place.run('config', 'init')).stderr).toContain('is there already, and stays as it is')
    expect((await place.run('config', 'check')).stdout).toBe(`${file} is sound\n`)
    await writeFile(file, 'jbos: 3\nverify: deep\n')
    const wrong = await place.run('config', 'check')
    expect(wrong.stderr).toMatch(/config\.yaml:1:1: .*jbos/)
    expect(wrong.stderr).toMatch(/config\.yaml:2:\d+: verify cannot be "deep"/)
    expect(wrong.status).toBe(2)
  })

  it('init says where nothing can be written', async () => {
    const { stderr, status } = await place.run('config', 'init', '--config', '/proc/none/config.yaml')
    expect(stderr).toContain('/proc/none cannot be made')
    expect(status).toBe(5)
  })

  it('schema is JSON Schema with every source', async () => {
    const schema = JSON.parse((await place.run('config', 'schema')).stdout) as Record<string, object>
    expect(schema).toMatchObject({ type: 'object', properties: { jobs: {}, sources: { properties: { imgur: {} } } } })
  })
})

describe('completion', () => {
  it('for bash completes commands, options, values, sources and files', async () => {
    const script = (await place.run('completion', 'bash')).stdout
    await writeFile(join(place.folder, 'completion.bash'), script)
    const completed = async (...words: readonly string[]): Promise<string> => {
      const probe = `source ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bowerbird; echo "\${COMPREPLY[*]}"`
      return (await execute('bash', ['--norc', '-c', probe, 'bash', ...words], { cwd: place.folder })).stdout.trim()
    }
    expect(await completed('bowerbird', 're')).toBe('resume retry')
    expect(await completed('bowerbird', 'get', '--limit-')).toBe('--limit-rate')
    expect(await completed('bowerbird', '--verify', '')).toBe('structure decode')
    expect(await completed('bowerbird', 'find', '--state', 'f')).toBe('fetching failed')
    expect(await completed('bowerbird', 'config', '')).toBe('init check schema')
    expect(await completed('bowerbird', 'sources', 'im')).toBe('imgur')
    expect(await completed('bowerbird', 'img')).toBe('imgur:')
    expect(await completed('bowerbird', '-o', './comp')).toBe('./completion.bash')
  })

  it('names every command and option for zsh and fish', async () => {
    const [zsh, fish] = await Promise.all([place.run('completion', 'zsh'), place.run('completion', 'fish')])
    expect(zsh.stdout).toMatch(/^#compdef bowerbird/)
    expect(zsh.stdout).toContain('--per-host[transfers at once to one host]')
    expect(fish.stdout).toContain("-l verify -x -a 'structure decode'")
    for (const { name } of COMMANDS) expect(fish.stdout).toContain(`-a ${name} `)
  })
})

describe('demo', () => {
  // Three runs, one after the other, with the latency that lets people see them: half a minute where others work, too.
  it('collects from every replica into ./bowerbird-demo, and knows everything the second time', async () => {
    const first = await place.run('demo')
    expect(first.stderr).toMatch(/Done in .*: [1-9]\d* stored/)
    expect(first.stderr).toContain('Next, try')
    expect(first.status).toBe(0)
    const second = await place.run('demo', '--json')
    const end = jsonLines(second.stdout).at(-1)
    expect(end).toMatchObject({ event: 'end', stored: 0, failed: 0, targets: [] })
    expect(Number(end?.['known'])).toBeGreaterThan(20)
    expect(second.status).toBe(0)
    const found = await place.run('find', '--to', 'bowerbird-demo', '--state', 'stored', '--json')
    const sources = new Set(jsonLines(found.stdout).map(({ source }) => source))
    expect([...sources]).toEqual(expect.arrayContaining(['imgur', 'louvre', 'template', 'direct', 'page']))
  }, 120_000)

  it('heeds neither settings nor proxies of the user', async () => {
    const other = await workplace({ BOWERBIRD_WHERE: 'width > 100000', https_proxy: 'http://127.0.0.1:1' })
    const { stderr, status } = await other.run('demo')
    await other.remove()
    expect(stderr).toMatch(/Done in .*: [1-9]\d* stored/)
    expect(status).toBe(0)
  }, 120_000)
})
