import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Fault } from '../core/errors.ts'
import { loadSettings, type LoadOptions } from './load.ts'
import type { Settings } from './settings.ts'

const sourceSchemas = {
  imgur: z.object({
    gif: z.enum(['gif', 'mp4', 'both']).default('gif').describe('what an animation is fetched as'),
    depth: z.number().int().default(2).describe('how deep albums go'),
    mature: z.boolean().default(false).describe('with mature posts'),
    kinds: z.array(z.string()).default([]).describe('kinds of posts'),
    clientSecret: z.string().min(8).optional().describe('of an application'),
  }),
  direct: z.object({}),
}

let folder = ''
let counter = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function configFile(text: string): Promise<string> {
  counter += 1
  const path = join(folder, `config-${counter}.yaml`)
  await writeFile(path, text)
  return path
}

/** Settings of a home without a configuration file. */
function load(options: Partial<LoadOptions> = {}): Promise<Settings> {
  return loadSettings({
    flags: {},
    sourceSchemas,
    ...options,
    env: { XDG_CONFIG_HOME: join(folder, 'none'), ...options.env },
  })
}

async function loadFile(text: string, options: Partial<LoadOptions> = {}): Promise<Settings> {
  return load({ ...options, flags: { config: await configFile(text), ...options.flags } })
}

async function faultOf(loading: Promise<Settings>): Promise<Fault> {
  const thrown: unknown = await loading.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof Fault) return thrown
  throw new Error('nothing was refused', { cause: thrown })
}

/** The message about a file, without the path in front. */
async function mistakesOf(text: string): Promise<readonly string[]> {
  const { message, code, evidence } = await faultOf(loadFile(text))
  expect(code).toBe('Config')
  return [message, evidence.advice ?? '']
    .join('\n')
    .replaceAll(`${folder}/config-${counter}.yaml:`, '')
    .trimEnd()
    .split('\n')
}

describe('settings where nothing is said', () => {
  it('are the defaults', async () => {
    const { sources, ...rest } = await load()
    expect(rest).toEqual({
      to: './bowerbird',
      input: [],
      screen: [],
      globoff: false,
      overwrite: false,
      sidecar: false,
      extract: false,
      verify: 'structure',
      maxSize: { image: 536_870_912, any: 4_294_967_296 },
      fsync: true,
      jobs: 24,
      minSpeed: 1024,
      retries: 4,
      header: [],
      connectTo: [],
      robots: false,
      dryRun: false,
      json: false,
      progress: true,
      verbosity: 'normal',
      notes: [],
      plan: {},
    })
    expect(sources).toEqual({
      imgur: { options: { gif: 'gif', depth: 2, mature: false, kinds: [] } },
      direct: { options: {} },
    })
  })
})

describe('the layers', () => {
  it('are heard in order: file, environment, earlier run, flags', async () => {
    const file = 'jobs: 1\nretries: 1\nperHost: 1\nrate: 1\nlimit: 1\n'
    const settings = await loadFile(file, {
      env: { BOWERBIRD_RETRIES: '2', BOWERBIRD_PER_HOST: '2', BOWERBIRD_RATE: '2', BOWERBIRD_LIMIT: '2' },
      earlier: { perHost: 3, rate: 3, limit: 3 },
      flags: { rate: '4', limit: '4' },
    })
    expect(settings).toMatchObject({ jobs: 1, retries: 2, perHost: 3, rate: 4, limit: 4 })
  })

  it('each know every kind of value', async () => {
    const expected = {
      fsync: false,
      robots: true,
      maxSize: { image: 1_572_864, any: 1_572_864 },
      limitRate: 2048,
      timeout: 1500,
      rate: 0.5,
      range: { from: 5, to: Infinity },
      pages: { from: 1, to: 3 },
      verify: 'decode',
      verbosity: 'quiet',
      screen: ['duplicates', 'min-size=1x1'],
      header: [{ name: 'Referer', value: 'https://example.org/' }],
      connectTo: ['::127.0.0.1:8443'],
      proxy: 'socks5://127.0.0.1:1080',
      cacert: join(homedir(), 'ca.pem'),
      userAgent: 'me/1.0',
    }
    const file = [
      'fsync: false\nrobots: true\nmaxSize: 1.5M\nlimitRate: 2048\ntimeout: 1.5\nrate: 0.5\nrange: 5-\npages: "-3"\nverify: decode',
      'verbosity: quiet\nscreen: [duplicates, min-size=1x1]\nheader: "Referer: https://example.org/"',
      'connectTo: "::127.0.0.1:8443"\nproxy: socks5://127.0.0.1:1080\ncacert: ~/ca.pem\nuserAgent: me/1.0',
    ].join('\n')
    const env = {
      BOWERBIRD_FSYNC: 'no',
      BOWERBIRD_ROBOTS: '1',
      BOWERBIRD_MAX_SIZE: '1.5m',
      BOWERBIRD_LIMIT_RATE: '2KiB',
      BOWERBIRD_TIMEOUT: '1.5',
      BOWERBIRD_RATE: '0.5',
      BOWERBIRD_RANGE: '5-',
      BOWERBIRD_PAGES: '-3',
      BOWERBIRD_VERIFY: 'decode',
      BOWERBIRD_VERBOSITY: 'quiet',
      BOWERBIRD_SCREEN: 'duplicates\nmin-size=1x1\n',
      BOWERBIRD_HEADER: 'Referer: https://example.org/',
      BOWERBIRD_CONNECT_TO: '::127.0.0.1:8443',
      BOWERBIRD_PROXY: 'socks5://127.0.0.1:1080',
      BOWERBIRD_CACERT: '~/ca.pem',
      BOWERBIRD_USER_AGENT: 'me/1.0',
      BOWERBIRD_JOBS: '',
    }
    const flags = {
      fsync: false,
      robots: true,
      maxSize: '1.5M',
      limitRate: '2K',
      timeout: '1.5',
      rate: '0.5',
      range: '5-',
      pages: '-3',
      verify: 'decode',
      verbosity: 'quiet',
      screen: ['duplicates', 'min-size=1x1'],
      header: ['Referer: https://example.org/'],
      connectTo: ['::127.0.0.1:8443'],
      proxy: 'socks5://127.0.0.1:1080',
      cacert: '~/ca.pem',
      userAgent: 'me/1.0',
    }
    expect(await loadFile(file)).toMatchObject(expected)
    expect(await load({ env })).toMatchObject(expected)
    expect(await load({ flags })).toMatchObject(expected)
  })

  it('parse templates and conditions', async () => {
    const settings = await load({ flags: { folder: '{source}/{author}', name: '{title|max:3}', where: 'width > 5' } })
    expect(settings.folder?.render({ source: 'imgur', author: 'a/b' })).toBe('imgur/a_b')
    expect(settings.name?.render({ title: 'abcdef' })).toBe('abc')
    expect(settings.where?.judge({ width: 6 })).toBe('admit')
  })

  it('note a field that is probably misspelt', async () => {
    const { notes } = await load({ flags: { name: '{titel} {score}' } })
    expect(notes).toEqual(['--name: {titel} is empty unless a source has such a field. Did you mean {title}?'])
  })
})

describe('the configuration file', () => {
  it('may be missing in its usual place', async () => expect((await load()).configFile).toBeUndefined())

  it('is found in its usual place', async () => {
    const home = join(folder, 'home')
    await mkdir(join(home, 'bowerbird'), { recursive: true })
    await writeFile(join(home, 'bowerbird', 'config.yaml'), 'jobs: 7\n')
    expect(await load({ env: { XDG_CONFIG_HOME: home } })).toMatchObject({
      jobs: 7,
      configFile: join(home, 'bowerbird', 'config.yaml'),
    })
  })

  it('is found by BOWERBIRD_CONFIG, and by --config before that', async () => {
    const seven = await configFile('jobs: 7')
    const eight = await configFile('jobs: 8')
    expect((await load({ env: { BOWERBIRD_CONFIG: seven } })).jobs).toBe(7)
    expect((await load({ env: { BOWERBIRD_CONFIG: seven }, flags: { config: eight } })).jobs).toBe(8)
  })

  it('must exist when it is named', async () => {
    const fault = await faultOf(load({ flags: { config: join(folder, 'nowhere.yaml') } }))
    expect(fault.code).toBe('Config')
    expect(fault.message).toContain('nowhere.yaml cannot be read (ENOENT)')
    expect(fault.evidence.advice).toContain('config init')
  })

  it.each(['', '\n', '# nothing\n', '---\n', '\ufeff# mark\n', 'sources:\n', 'sources:\n  imgur:\n'])(
    'may say nothing: %j',
    async (text) => {
      expect((await loadFile(text)).jobs).toBe(24)
    },
  )

  it.each([
    ['jbos: 4', ['1:1: "jbos" is not known here. Did you mean "jobs"?']],
    ['jobs: 4\nper-host: 2', ['2:1: "per-host" is not known here. Did you mean "perHost"?']],
    ['__proto__: 4', [expect.stringMatching(/^1:1: "__proto__" is not known here. There are: to, /)]],
    ['dryRun: true', ['1:1: "dryRun" is said for one call only: --dry-run']],
    ['queue: redis://x', ['1:1: "queue" is of a later version. This version collects in one process: leave it out.']],
    ['jobs: many', ['1:7: jobs cannot be "many"; it takes a whole number, at least 1']],
    ['jobs: 0', ['1:7: jobs cannot be 0; it takes a whole number, at least 1']],
    ['jobs: 1.5', ['1:7: jobs cannot be 1.5; it takes a whole number, at least 1']],
    ['jobs:', ['1:6: jobs cannot be nothing; it takes a whole number, at least 1']],
    ['jobs: [1]', ['1:7: jobs cannot be [1]; it takes a whole number, at least 1']],
    ['robots: "yes"', ['1:9: robots cannot be "yes"; it takes true or false']],
    ['maxSize: 5X', ['1:10: maxSize cannot be "5X"; it takes a number of bytes, such as 512K, 1.5M or 4G, at least 1']],
    ['maxSize: 0K', ['1:10: maxSize cannot be "0K"; it takes a number of bytes, such as 512K, 1.5M or 4G, at least 1']],
    ['verify: deep', ['1:9: verify cannot be "deep"; it takes one of structure, decode']],
    ['range: 9-3', ['1:8: range cannot be "9-3"; it takes a position or a range, such as 5, 1-20, 5- or -20']],
    ['timeout: 0', ['1:10: timeout cannot be 0; it takes a number of seconds above 0, such as 10 or 0.5']],
    [
      'to: s3://bucket',
      ['1:5: this version cannot use "s3://bucket". This version stores in folders: name one with --to DIR.'],
    ],
    ['catalog: postgres://h/d', [expect.stringContaining('keeps its catalog in a file')]],
    [
      'proxy: ftp://user:hunter2@h',
      ['1:8: proxy cannot be the value; it takes a proxy such as http://host:8080 or socks5://host:1080'],
    ],
    ['header: [hunter2]', [expect.stringMatching(/^1:9: header cannot be the value; it takes a header, /)]],
    ['jobs: 1\njobs: 2', ['2:1: this key stands here a second time']],
    ['jobs: 1\n  to: x', [expect.stringMatching(/^\d:\d+: /)]],
    ['- jobs', ['1:1: the file must be a list of `key: value` lines']],
    ['sources: 5', ['1:10: sources must hold `name: value` lines']],
    ['sources:\n  imgr:\n    gif: mp4', ['3:10: there is no source "imgr". Did you mean "imgur"?']],
    ['sources:\n  imgur:\n    gfi: mp4', ['3:10: the source imgur has no option "gfi". Did you mean "gif"?']],
    ['sources:\n  imgur:\n    gif: webm', [expect.stringMatching(/^3:10: imgur.gif cannot be "webm": .*mp4/)]],
    [
      'sources:\n  imgur:\n    clientSecret: hunter2',
      [expect.stringMatching(/^3:19: imgur.clientSecret: (?!.*hunter2)/)],
    ],
    ['sources:\n  imgur:\n    limit: x', ['3:12: limit cannot be "x"; it takes a whole number, at least 1']],
    [
      'folder: "{a"',
      [
        '1:9: The folder template has a "{" that is never closed:',
        '  {a',
        '  ^',
        'Write "{{" for the character itself.',
      ],
    ],
    [
      'where: widht > 5',
      [
        expect.stringContaining('1:8: The condition asks for "widht"'),
        '  widht > 5',
        '  ^^^^^',
        expect.stringContaining('"width"'),
      ],
    ],
  ])('refuses %j', async (text, mistakes) => expect(await mistakesOf(text)).toEqual(mistakes))

  it('tells all mistakes at once', async () => {
    expect(await mistakesOf('jbos: 4\nretries: -1\nname: "{a"\n')).toEqual([
      '1:1: "jbos" is not known here. Did you mean "jobs"?',
      '2:10: retries cannot be -1; it takes a whole number, at least 0',
      '3:7: The name template has a "{" that is never closed:',
      '  {a',
      '  ^',
      'Write "{{" for the character itself.',
    ])
  })

  it('is checked where a flag covers it, too', async () => {
    expect((await faultOf(loadFile('jobs: x', { flags: { jobs: '4' } }))).message).toContain('jobs cannot be "x"')
  })

  it('may hold a condition of several lines', async () => {
    const { where } = await loadFile('where: |\n  width > 5\n  && title == "x"\n')
    expect(where?.judge({ width: 6, title: 'x' })).toBe('admit')
  })

  it('cannot blow up by aliases', async () => {
    const lists = 'bcdefgh'
      .split('')
      .map((name, index) => `  ${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(9)}]`)
    const bomb = ['sources:', '  a: &a [x,x,x,x,x,x,x,x,x]', ...lists, 'to: *h'].join('\n')
    expect((await mistakesOf(bomb)).join('\n')).toContain('Excessive alias count')
  })
})

describe('the environment', () => {
  it.each([
    [{ BOWERBIRD_JBOS: '4' }, 'BOWERBIRD_JBOS: no such setting. Did you mean BOWERBIRD_JOBS?'],
    [{ BOWERBIRD_DRY_RUN: '1' }, 'BOWERBIRD_DRY_RUN: this is said for one call only: --dry-run'],
    [
      { BOWERBIRD_QUEUE: 'redis://x' },
      'BOWERBIRD_QUEUE: this is of a later version. This version collects in one process: leave it out.',
    ],
    [{ BOWERBIRD_JOBS: 'x' }, 'BOWERBIRD_JOBS: cannot be "x"; it takes a whole number, at least 1'],
    [{ BOWERBIRD_FSYNC: 'perhaps' }, 'BOWERBIRD_FSYNC: cannot be "perhaps"; it takes true or false'],
  ])('refuses %j', async (env, message) => {
    const fault = await faultOf(load({ env }))
    expect({ code: fault.code, message: fault.message }).toEqual({ code: 'Config', message })
  })

  it('leaves others alone', async () => {
    expect(
      (await load({ env: { BOWERBIRD_SHARED: '/x', BOWERBIRD_CHECK_FAILED: 'x', BOWERBIRDS: 'x', OTHER: '1' } })).jobs,
    ).toBe(24)
  })
})

describe('the flags', () => {
  it.each([
    [{ jobs: 'x' }, '--jobs: cannot be "x"; it takes a whole number, at least 1'],
    [{ print: 'all' }, '--print: cannot be "all"; it takes one of url, path, json'],
    [
      { to: 's3://bucket/x' },
      '--to: this version cannot use "s3://bucket/x". This version stores in folders: name one with --to DIR.',
    ],
    [
      { connectTo: ['a:b'] },
      '--connect-to: cannot be ["a:b"]; it takes HOST1:PORT1:HOST2:PORT2, where HOST1 and PORT1 may be empty, or a list of such',
    ],
    [{ option: ['imgur'] }, '--option: "imgur" is not of the form SOURCE.NAME=VALUE, such as imgur.gif=mp4'],
    [{ option: ['imgur.gif=x'] }, expect.stringMatching(/^--option imgur.gif: imgur.gif cannot be "x": /)],
    [{ option: ['imgr.gif=x'] }, '--option imgr.gif: there is no source "imgr". Did you mean "imgur"?'],
  ])('refuses %j', async (flags, message) => {
    const fault = await faultOf(load({ flags }))
    expect({ code: fault.code, message: fault.message }).toEqual({ code: 'Usage', message })
  })
})

describe('sources', () => {
  it('take options as text where a flag says them', async () => {
    const option = [
      'imgur.gif=both',
      'imgur.depth=5',
      'imgur.mature=yes',
      'imgur.kinds=a, b',
      'imgur.clientSecret=12345678',
    ]
    const { sources } = await load({ flags: { option } })
    expect(sources['imgur']?.options).toEqual({
      gif: 'both',
      depth: 5,
      mature: true,
      kinds: ['a', 'b'],
      clientSecret: '12345678',
    })
  })

  it('merge options by name over the layers', async () => {
    const { sources } = await loadFile('sources: {imgur: {gif: mp4, depth: 5}}', {
      flags: { option: ['imgur.gif=both'] },
    })
    expect(sources['imgur']?.options).toMatchObject({ gif: 'both', depth: 5 })
  })

  it('have folder, name, where and limit of their own', async () => {
    const { sources, folder: all } = await loadFile(
      'folder: all\nsources: {imgur: {folder: "own", name: "{id}", where: "width > 5", limit: 3}}',
    )
    expect(all?.text).toBe('all')
    expect(sources['direct']).toEqual({ options: {} })
    expect(sources['imgur']).toMatchObject({
      folder: { text: 'own' },
      name: { text: '{id}' },
      where: { text: 'width > 5' },
      limit: 3,
    })
  })

  it('have them said by a flag', async () => {
    const { sources } = await load({ flags: { option: ['imgur.limit=5', 'imgur.folder=x'] } })
    expect(sources['imgur']).toMatchObject({ limit: 5, folder: { text: 'x' } })
  })

  it('give way to what a later layer says for all', async () => {
    const { sources } = await loadFile('sources: {imgur: {folder: own, limit: 3}}', { flags: { folder: 'all' } })
    expect(sources['imgur']?.folder).toBeUndefined()
    expect(sources['imgur']?.limit).toBe(3)
  })
})

describe('the plan of a run', () => {
  it('is what the call was told, without secrets, the file, and what is for one call', async () => {
    const { plan } = await loadFile('jobs: 3', {
      env: { BOWERBIRD_RETRIES: '2' },
      flags: {
        dryRun: true,
        to: 'elsewhere',
        verbosity: 'quiet',
        where: 'width > 5',
        proxy: 'http://me:hunter2@h',
        header: ['Cookie: hunter2'],
        range: '5-',
        option: ['imgur.gif=mp4', 'imgur.depth=3', 'imgur.clientSecret=hunter2hunter2'],
      },
    })
    expect(plan).toEqual({
      retries: 2,
      where: 'width > 5',
      range: '5-',
      sources: { imgur: { gif: 'mp4', depth: '3' } },
    })
    expect(JSON.stringify(plan)).not.toContain('hunter2')
  })

  it('gives the same settings again', async () => {
    const flags = {
      where: 'width > 5',
      range: '5-9',
      screen: ['duplicates'],
      maxSize: '4M',
      option: ['imgur.depth=3', 'imgur.folder=x'],
    }
    const first = await load({ flags })
    const again = await load({ earlier: JSON.parse(JSON.stringify(first.plan)) })
    expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(first)))
  })
})
