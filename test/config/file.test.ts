import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { configFile, faultOf, inFolder, load, loadFile, mistakesOf } from './loading.ts'

describe('the configuration file', () => {
  it('may be missing in its usual place', async () => expect((await load()).configFile).toBeUndefined())

  it('is found in its usual place', async () => {
    const home = inFolder('home')
    await mkdir(inFolder('home', 'bowerbird'), { recursive: true })
    await writeFile(inFolder('home', 'bowerbird', 'config.yaml'), 'jobs: 7\n')
    expect(await load({ env: { XDG_CONFIG_HOME: home } })).toMatchObject({
      jobs: 7,
      configFile: inFolder('home', 'bowerbird', 'config.yaml'),
    })
  })

  it('is found by BOWERBIRD_CONFIG, and by --config before that', async () => {
    const seven = await configFile('jobs: 7')
    const eight = await configFile('jobs: 8')
    expect((await load({ env: { BOWERBIRD_CONFIG: seven } })).jobs).toBe(7)
    expect((await load({ env: { BOWERBIRD_CONFIG: seven }, flags: { config: eight } })).jobs).toBe(8)
  })

  it('must exist when it is named', async () => {
    const fault = await faultOf(load({ flags: { config: inFolder('nowhere.yaml') } }))
    expect(fault.code).toBe('Config')
    expect(fault.message).toContain('nowhere.yaml cannot be read: there is no such file')
    expect(fault.evidence.advice).toContain('config init')
  })

  it.each(['', '\n', '# nothing\n', '---\n', '\ufeff# mark\n', 'sources:\n', 'sources:\n  imgur:\n'])(
    'may say nothing: %j',
    async (text) => {
      expect((await loadFile(text)).jobs).toBe(24)
    },
  )

  it.each([
    ['jbos: 4', ['1:1: "jbos" is not known here; did you mean "jobs"?']],
    ['jobs: 4\nper-host: 2', ['2:1: "per-host" is not known here; did you mean "perHost"?']],
    ['__proto__: 4', [expect.stringMatching(/^1:1: "__proto__" is not known here; there are: to, /)]],
    ['dryRun: true', ['1:1: "dryRun" is said for one call only: --dry-run']],
    ['queue: redis://x', ['1:1: "queue" is of a later version; this version collects in one process: leave it out']],
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
      ['1:5: this version cannot use "s3://bucket"; this version stores in folders: name one with --to DIR'],
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
    ['sources:\n  imgr:\n    gif: mp4', ['3:10: there is no source "imgr"; did you mean "imgur"?']],
    ['sources:\n  imgur:\n    gfi: mp4', ['3:10: the source imgur has no option "gfi"; did you mean "gif"?']],
    ['sources:\n  imgur:\n    gif: webm', [expect.stringMatching(/^3:10: imgur.gif cannot be "webm": .*mp4/)]],
    [
      'sources:\n  imgur:\n    clientSecret: hunter2',
      [expect.stringMatching(/^3:19: imgur.clientSecret: (?!.*hunter2)/)],
    ],
    ['sources:\n  imgur:\n    limit: x', ['3:12: limit cannot be "x"; it takes a whole number, at least 1']],
    [
      'folder: "{a"',
      [
        '1:9: the folder template has a "{" that is never closed:',
        '  {a',
        '  ^',
        'write "{{" for the character itself',
      ],
    ],
    [
      'where: widht > 5',
      [
        expect.stringContaining('1:8: the condition asks for "widht"'),
        '  widht > 5',
        '  ^^^^^',
        expect.stringContaining('"width"'),
      ],
    ],
  ])('refuses %j', async (text, mistakes) => expect(await mistakesOf(text)).toEqual(mistakes))

  it('tells all mistakes at once', async () => {
    expect(await mistakesOf('jbos: 4\nretries: -1\nname: "{a"\n')).toEqual([
      '1:1: "jbos" is not known here; did you mean "jobs"?',
      '2:10: retries cannot be -1; it takes a whole number, at least 0',
      '3:7: the name template has a "{" that is never closed:',
      '  {a',
      '  ^',
      'write "{{" for the character itself',
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
