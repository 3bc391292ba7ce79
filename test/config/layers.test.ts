import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { load, loadFile, faultOf } from './loading.ts'

describe('settings where nothing is said', () => {
  it('are the defaults', async () => {
    const { sources, ...rest } = await load()
    expect(rest).toEqual({
      to: './bowerbird',
      input: [],
      fromIndex: [],
      provider: 'bing',
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
      loginWait: 600_000,
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

  it('refuse a field that no item can have', async () => {
    const sourceFields = { imgur: ['album', 'albumTitle'], direct: [] }
    const fault = await faultOf(load({ sourceFields, flags: { name: '{titel} {album} {meta.albumTitel|or:autor}' } }))
    expect([fault.code, ...fault.message.split('\n')]).toEqual([
      'Usage',
      '--name: no source has a field {titel}; did you mean "title"?',
      '--name: no source has a field {albumTitel}; did you mean "albumTitle"?',
      '--name: no source has a field {autor}; did you mean "author"?',
    ])
    const good = await load({ sourceFields, flags: { name: '{title|or:albumTitle} {meta.album}' } })
    expect([good.name?.fields, good.notes]).toEqual([['title', 'albumTitle', 'meta.album'], []])
    const own = await faultOf(load({ sourceFields, flags: { option: ['direct.name={album}'] } }))
    expect(own.message).toMatch(/^--option direct.name: direct does not have a field \{album\}; there are: key, id, /)
  })

  it('note what only the file tells: names are settled before', async () => {
    const { notes } = await load({ flags: { name: '{width}x{height} {title}' } })
    expect(notes).toEqual([
      '--name: {width} is empty where the listing does not tell it: names are settled before files are here',
    ])
  })
})
