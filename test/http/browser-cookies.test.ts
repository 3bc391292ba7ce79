import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readBrowserCookies } from '../../src/http/cookies/browser.ts'
import { readDatabase } from '../../src/http/cookies/database.ts'
import { CookieJar } from '../../src/http/cookies/jar.ts'
import type { BrowserCookies } from '../../src/http/cookies/machine.ts'
import { chromiumDatabase, encrypt, firefoxDatabase, profilesIni } from './browsers.ts'
import { faultOf } from './support.ts'

let home: string
/** Browsers that run until the test ends. */
let running: DisposableStack

beforeEach(async () => {
  running = new DisposableStack()
  home = await mkdtemp(join(tmpdir(), 'bowerbird-home-'))
})

afterEach(async () => {
  running.dispose()
  await rm(home, { recursive: true, force: true })
})

function read(text: string, platform: NodeJS.Platform = 'linux', environment = {}): Promise<BrowserCookies> {
  return readBrowserCookies(text, { platform, home, environment })
}

async function namesOf(text: string): Promise<readonly string[]> {
  return (await read(text)).cookies.map((cookie) => cookie.name)
}

/** Makes a profile with one cookie that tells where it is, and closes the browser. */
async function firefoxProfile(folder: string, name: string, changed?: Date): Promise<void> {
  const file = join(home, folder, 'cookies.sqlite')
  const browser = await firefoxDatabase(file, 12, [{ host: 'museum.example', name, value: '1' }])
  browser[Symbol.dispose]()
  if (changed !== undefined) await utimes(file, changed, changed)
}

async function chromiumProfile(file: string, name: string): Promise<void> {
  const browser = await chromiumDatabase(join(home, file), 20, [{ host: 'museum.example', name, value: '1' }])
  browser[Symbol.dispose]()
}

describe('the copy of a database', () => {
  test('has what is only in the log of a running browser, is private, and goes away', async () => {
    const file = join(home, 'cookies.sqlite')
    const browser = running.use(await firefoxDatabase(file, 12, [{ host: 'museum.example', name: 'a', value: '1' }]))
    browser.database.exec('BEGIN EXCLUSIVE')
    let copy = ''
    const rows = await readDatabase(file, 'Firefox', (database) => {
      copy = String(database.prepare('PRAGMA database_list').get()?.['file'])
      return database.prepare('SELECT name FROM moz_cookies').all()
    })
    expect(rows).toEqual([{ name: 'a' }])
    expect(copy).not.toBe(file)
    await expect(stat(join(copy, '..'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('can be read by its owner alone', async () => {
    const file = join(home, 'cookies.sqlite')
    running.use(await firefoxDatabase(file, 12, []))
    const modes: string[] = []
    const { readdirSync, statSync } = await import('node:fs')
    await readDatabase(file, 'Firefox', (database) => {
      const copy = String(database.prepare('PRAGMA database_list').get()?.['file'])
      for (const place of ['..', ...readdirSync(join(copy, '..')).map((name) => join('..', name))])
        modes.push((statSync(join(copy, place)).mode & 0o077).toString(8))
    })
    expect(modes.length).toBeGreaterThanOrEqual(3)
    expect(new Set(modes)).toEqual(new Set(['0']))
  })

  test('of something that is no database is refused, and goes away', async () => {
    await writeFile(join(home, 'cookies.sqlite'), 'no database at all, but long enough to be taken for one'.repeat(100))
    const before = await leftovers()
    const fault = await faultOf(read(`firefox:${home}`))
    expect(fault).toMatchObject({ code: 'Usage', evidence: { advice: expect.stringContaining('--cookies FILE') } })
    expect(await leftovers()).toEqual(before)
  })

  async function leftovers(): Promise<readonly string[]> {
    return (await readdir(tmpdir())).filter((name) => name.startsWith('bowerbird-cookies-'))
  }
})

describe("Firefox's cookies", () => {
  test.each([
    ['seconds', 12, 4_000_000_000],
    ['milliseconds', 16, 4_000_000_000_000],
  ])('keep all that they are (expiry in %s)', async (_unit, version, expiry) => {
    running.use(
      await firefoxDatabase(join(home, 'cookies.sqlite'), version, [
        { host: '.museum.example', name: 'a', value: '1', path: '/art', expiry, isSecure: 1, isHttpOnly: 1 },
        { host: 'www.museum.example', name: 'b', value: 'ä', expiry },
      ]),
    )
    expect((await read(`firefox:${home}`)).cookies).toEqual([
      {
        domain: 'museum.example',
        subdomains: true,
        path: '/art',
        secure: true,
        httpOnly: true,
        expires: 4_000_000_000_000,
        name: 'a',
        value: '1',
      },
      {
        domain: 'www.museum.example',
        subdomains: false,
        path: '/',
        secure: false,
        httpOnly: false,
        expires: 4_000_000_000_000,
        name: 'b',
        value: 'ä',
      },
    ])
  })

  test('are those outside of containers and partitions, with any expiry', async () => {
    running.use(
      await firefoxDatabase(join(home, 'cookies.sqlite'), 12, [
        { host: 'museum.example', name: 'plain', value: '1', expiry: Number.MAX_SAFE_INTEGER },
        { host: 'museum.example', name: 'contained', value: '1', originAttributes: '^userContextId=2' },
        {
          host: 'museum.example',
          name: 'apart',
          value: '1',
          originAttributes: '^partitionKey=%28https%2Ca.example%29',
        },
      ]),
    )
    const { cookies } = await read(`firefox:${home}/cookies.sqlite`)
    expect(cookies.map((cookie) => cookie.name)).toEqual(['plain'])
    const jar = new CookieJar()
    jar.add(cookies)
    expect(jar.header(new URL('https://museum.example/'))).toBe('plain=1')
  })

  const INI = `[Profile1]
Name=work
IsRelative=1
Path=b.work
Default=1

[Profile0]
Name=home
IsRelative=1
Path=Profiles/a.home
`

  test('are of the profile that the installation starts with, else of the one marked as default', async () => {
    const root = '.mozilla/firefox'
    await firefoxProfile(`${root}/Profiles/a.home`, 'home')
    await firefoxProfile(`${root}/b.work`, 'work')
    await profilesIni(join(home, root), INI)
    expect(await namesOf('firefox')).toEqual(['work'])
    await profilesIni(
      join(home, root),
      `[Install4F96D1932A9F858E]\r\nDefault=Profiles/a.home\r\nLocked=1\r\n\r\n${INI}`,
    )
    expect(await namesOf('firefox')).toEqual(['home'])
    expect(await namesOf('Firefox:work')).toEqual(['work'])
    expect(await namesOf('firefox: a.home ::none')).toEqual(['home'])
    const fault = await faultOf(read('firefox:wrok'))
    expect(fault).toMatchObject({ code: 'Usage', evidence: { advice: 'did you mean "work"?' } })
  })

  test('are of a used profile where the default one was never used', async () => {
    await firefoxProfile('.mozilla/firefox/Profiles/a.home', 'home')
    await profilesIni(join(home, '.mozilla/firefox'), INI)
    expect(await namesOf('firefox')).toEqual(['home'])
  })

  test.each([
    'snap/firefox/common/.mozilla/firefox',
    '.var/app/org.mozilla.firefox/.mozilla/firefox',
    '.config/mozilla/firefox',
  ])('are found in %s, also beside an older profile of another package', async (root) => {
    await firefoxProfile(`${root}/b.work`, 'new')
    await profilesIni(join(home, root), INI)
    await firefoxProfile('.mozilla/firefox/b.work', 'old', new Date('2020-01-01'))
    await profilesIni(join(home, '.mozilla/firefox'), INI)
    expect(await namesOf('firefox')).toEqual(['new'])
  })

  test('are found where macOS and Windows have them', async () => {
    await firefoxProfile('Library/Application Support/Firefox/b.work', 'mac')
    await profilesIni(join(home, 'Library/Application Support/Firefox'), INI)
    await firefoxProfile('Roaming/Mozilla/Firefox/b.work', 'windows')
    await profilesIni(join(home, 'Roaming/Mozilla/Firefox'), INI)
    expect((await read('firefox', 'darwin')).cookies[0]?.name).toBe('mac')
    const windows = await read('firefox', 'win32', { APPDATA: join(home, 'Roaming') })
    expect(windows.cookies[0]?.name).toBe('windows')
  })

  test('that are nowhere are a usage fault that names the places', async () => {
    const fault = await faultOf(read('firefox'))
    expect(fault.code).toBe('Usage')
    expect(fault.message).toContain(join(home, '.mozilla/firefox'))
    expect((await faultOf(read('firefox:~/nothing'))).message).toContain(join(home, 'nothing'))
  })
})

describe("Chromium's cookies", () => {
  test('are decrypted with the known key, with the hash of the host and without', async () => {
    for (const version of [18, 24]) {
      const host = version === 24 ? '.museum.example' : undefined
      const file = join(home, String(version))
      running.use(
        await chromiumDatabase(file, version, [
          {
            host: '.museum.example',
            name: 'a',
            encrypted: encrypt('sécret', host),
            expires: 4e9,
            secure: 1,
            httpOnly: 1,
          },
          { host: '.museum.example', name: 'b', encrypted: encrypt('', host) },
          { host: '.museum.example', name: 'c', value: 'plain', path: '/art' },
          { host: '.museum.example', name: 'd', encrypted: encrypt('empty password', host, '') },
        ]),
      )
      const domain = { domain: 'museum.example', subdomains: true, path: '/', secure: false, httpOnly: false }
      expect(await read(`chromium:${file}`)).toEqual({
        browser: 'Chromium',
        file,
        leftOut: 0,
        cookies: [
          { ...domain, secure: true, httpOnly: true, expires: 4e12, name: 'a', value: 'sécret' },
          { ...domain, name: 'b', value: '' },
          { ...domain, path: '/art', name: 'c', value: 'plain' },
          { ...domain, name: 'd', value: 'empty password' },
        ],
      })
    }
  })

  test('of the keyring, moved from another host, or under another key are left out and counted', async () => {
    running.use(
      await chromiumDatabase(join(home, 'Cookies'), 24, [
        { host: 'museum.example', name: 'good', encrypted: encrypt('1', 'museum.example') },
        { host: 'museum.example', name: 'keyring', encrypted: Buffer.from(`v11${'x'.repeat(48)}`) },
        { host: 'museum.example', name: 'moved', encrypted: encrypt('1', 'other.example') },
        { host: 'museum.example', name: 'other key', encrypted: encrypt('1', 'museum.example', 'mine') },
        { host: 'museum.example', name: 'cut', encrypted: Buffer.from('v10xyz') },
        { host: 'museum.example', name: 'apart', value: '1', partition: 'https://a.example' },
      ]),
    )
    const { cookies, leftOut } = await read(`chrome:${home}`)
    expect(cookies.map((cookie) => cookie.name)).toEqual(['good'])
    expect(leftOut).toBe(4)
  })

  test.each([
    ['chromium', '.config/chromium/Default/Cookies'],
    ['chromium', 'snap/chromium/common/chromium/Default/Cookies'],
    ['chrome', '.config/google-chrome/Default/Network/Cookies'],
    ['chrome', '.var/app/com.google.Chrome/config/google-chrome/Default/Cookies'],
    ['brave', '.config/BraveSoftware/Brave-Browser/Default/Cookies'],
    ['edge', '.config/microsoft-edge/Default/Cookies'],
    ['vivaldi', '.config/vivaldi/Default/Cookies'],
    ['opera', '.config/opera/Cookies'],
  ])('of %s are found in %s', async (name, file) => {
    await chromiumProfile(file, 'found')
    expect(await namesOf(name)).toEqual(['found'])
  })

  test('are of a profile by its folder, by the name that people see, or by a path', async () => {
    await chromiumProfile('.config/chromium/Default/Cookies', 'default')
    await chromiumProfile('.config/chromium/Profile 1/Network/Cookies', 'first')
    await writeFile(
      join(home, '.config/chromium/Local State'),
      JSON.stringify({ profile: { info_cache: { 'Profile 1': { name: 'Work' } } } }),
    )
    expect(await namesOf('chromium:Profile 1')).toEqual(['first'])
    expect(await namesOf('chromium+basictext:Work')).toEqual(['first'])
    expect(await namesOf('chromium:~/.config/chromium')).toEqual(['default'])
    expect(await namesOf(`chromium:${home}/.config/chromium/Profile 1/`)).toEqual(['first'])
    const fault = await faultOf(read('chromium:Profile 2'))
    expect(fault).toMatchObject({ code: 'Usage', evidence: { advice: 'did you mean "Profile 1"?' } })
  })

  test('that are nowhere, or not a database of cookies, are a usage fault', async () => {
    expect((await faultOf(read('brave'))).message).toContain('.config/BraveSoftware')
    await mkdir(join(home, 'empty'))
    expect((await faultOf(read(`brave:${home}/empty`))).code).toBe('Usage')
    running.use(await firefoxDatabase(join(home, 'Cookies'), 12, []))
    expect((await faultOf(read(`brave:${home}`))).message).toContain('no such table')
  })
})

describe('a clear refusal', () => {
  test.each([
    ['safari', 'darwin', 'Safari'],
    ['chrome', 'darwin', 'Linux only'],
    ['edge', 'win32', 'Linux only'],
    ['fierfox', 'linux', 'fierfox'],
    ['toString', 'linux', 'tostring'],
    [':x', 'linux', ':x'],
    ['chrome+gnomekeyring', 'linux', 'keyring'],
    ['firefox::Work', 'linux', 'containers'],
  ] as const)('%s on %s', async (text, platform, words) => {
    const fault = await faultOf(read(text, platform))
    expect(fault).toMatchObject({ code: 'Usage', exit: 2, evidence: { advice: expect.any(String) } })
    expect(fault.message).toContain(words)
  })
})

test('text beyond Latin-1 is sent as browsers send it, and what no header can hold is left out', () => {
  const jar = new CookieJar()
  const cookie = { domain: 'museum.example', subdomains: false, path: '/', secure: false, httpOnly: false }
  jar.add([
    { ...cookie, name: 'a', value: '鳥' },
    { ...cookie, name: 'b', value: 'x\ny' },
  ])
  const header = jar.header(new URL('http://museum.example/'))
  expect(Buffer.from(header ?? '', 'latin1').toString()).toBe('a=鳥')
})
