import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { jsonLines } from '../cli/support.ts'
import { chromiumDatabase, encrypt, firefoxDatabase, profilesIni } from '../http/browsers.ts'
import type { Running } from '../http/browsers.ts'
import { picture, place, sendPicture, serve } from './support.ts'
import type { Server } from './support.ts'
import { onEnd } from '../http/support.ts'

const COOKIE_FILE = `# Netscape HTTP Cookie File
.museum.example\tTRUE\t/\tFALSE\t0\tsession\tof-museum
127.0.0.1\tFALSE\t/\tFALSE\t0\tother\tof-loopback
`

/** A browser that runs until the test ends. */
async function running(browser: Promise<Running>): Promise<Running> {
  const open = await browser
  onEnd(async () => open[Symbol.dispose]())
  return open
}

/** A server that sends a picture for every path. */
async function pictures(): Promise<Server> {
  const bytes = await picture(1)
  return serve((_request, response) => sendPicture(response, bytes))
}

describe('-H', () => {
  test('goes to the origins that were named, on every path, and through no redirect or link to another', async () => {
    const other = await pictures()
    const bytes = await picture(2)
    const named = await serve((request, response) => {
      if (request.url === '/away.jpg') response.writeHead(302, { location: `${other.origin}/a.jpg` }).end()
      else if (request.url === '/page')
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<img src="/own.jpg"><img src="${other.origin}/b.jpg">`)
      else sendPicture(response, bytes)
    })
    const { run } = await place()
    const ended = await run(
      `${named.origin}/away.jpg`,
      `${named.origin}/page`,
      ...['-H', 'Authorization: Bearer s3cret', '-H', 'X-Mine: 1'],
    )
    expect(ended.status, ended.stderr).toBe(0)
    expect(named.seen.map(({ path }) => path).toSorted()).toEqual(['/away.jpg', '/own.jpg', '/page'])
    for (const { headers } of named.seen)
      expect(headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-mine': '1' })
    expect(other.seen.map(({ path }) => path).toSorted()).toEqual(['/a.jpg', '/b.jpg'])
    for (const { headers } of other.seen)
      expect([headers.authorization, headers['x-mine']]).toEqual([undefined, undefined])
    expect(ended.stdout + ended.stderr).not.toContain('s3cret')
  })
})

describe('--user-agent', () => {
  test('is sent; without it the program names itself', async () => {
    const server = await pictures()
    const { run } = await place()
    await run(`${server.origin}/a.jpg`)
    await run(`${server.origin}/b.jpg`, '--user-agent', 'my-archive/1.0')
    expect(server.seen.map(({ headers }) => headers['user-agent'])).toEqual([
      expect.stringMatching(/^bowerbird\/\d/),
      'my-archive/1.0',
    ])
  })
})

describe('--cookies', () => {
  test('goes to the hosts it is for, and to no other', async () => {
    const server = await pictures()
    const { run, folder } = await place()
    await writeFile(join(folder, 'cookies.txt'), COOKIE_FILE)
    const ended = await run(
      ...['http://www.museum.example/a.jpg', 'http://other.example/b.jpg', `${server.origin}/c.jpg`],
      ...['--cookies', 'cookies.txt', '--connect-to', `:80:127.0.0.1:${server.port}`],
    )
    expect(ended.status, ended.stderr).toBe(0)
    expect(Object.fromEntries(server.seen.map(({ path, headers }) => [path, headers.cookie]))).toEqual({
      '/a.jpg': 'session=of-museum',
      '/b.jpg': undefined,
      '/c.jpg': 'other=of-loopback',
    })
  })

  test('that a site sets are kept during the run, redirects included', async () => {
    const bytes = await picture(3)
    const server = await serve((request, response) => {
      const { cookie = '' } = request.headers
      if (request.url === '/login')
        response.writeHead(302, { location: '/first.jpg', 'set-cookie': ['sid=new; Path=/; HttpOnly'] }).end()
      else if (cookie.includes('sid=new')) sendPicture(response, bytes)
      else response.writeHead(403).end()
    })
    const { run, folder } = await place()
    await writeFile(join(folder, 'cookies.txt'), '127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\told\n')
    const ended = await run(
      `${server.origin}/login`,
      `${server.origin}/second.jpg`,
      '-j',
      '1',
      '--cookies',
      'cookies.txt',
    )
    expect(ended.status, ended.stderr).toBe(0)
    expect(server.seen.map(({ path, headers }) => `${path} ${headers.cookie}`)).toEqual([
      '/login sid=old',
      '/first.jpg sid=new',
      '/second.jpg sid=new',
    ])
  })

  test.each([
    ['that is not there', 'nowhere.txt', /nowhere\.txt/],
    ['that is something else', 'cookies.json', /Netscape/],
  ])('of a file %s is a usage error before any request', async (_name, file, words) => {
    const server = await pictures()
    const { run, folder } = await place()
    await writeFile(join(folder, 'cookies.json'), '[{"name":"sid","value":"s3cret"}]')
    const ended = await run(`${server.origin}/a.jpg`, '--cookies', file)
    expect(ended.status).toBe(2)
    expect(ended.stderr).toMatch(words)
    expect(ended.stderr).not.toContain('s3cret')
    expect(server.seen).toEqual([])
  })
})

describe('--cookies-from-browser', () => {
  test('sends the cookies of the default profile of a running Firefox', async () => {
    const server = await pictures()
    const work = await place()
    const root = join(work.folder, '.mozilla/firefox')
    await profilesIni(root, '[Profile0]\nName=default\nIsRelative=1\nPath=x.default\nDefault=1\n')
    const firefox = await running(
      firefoxDatabase(join(root, 'x.default/cookies.sqlite'), 16, [
        { host: '127.0.0.1', name: 'sid', value: 's3cret', expiry: 4e12 },
        { host: 'museum.example', name: 'other', value: 's3cret', expiry: 4e12 },
      ]),
    )
    firefox.database.exec('BEGIN EXCLUSIVE')
    work.environment['HOME'] = work.folder
    const ended = await work.run(`${server.origin}/a.jpg`, '--cookies-from-browser', 'firefox')
    expect(ended.status, ended.stderr).toBe(0)
    expect(server.seen.map(({ headers }) => headers.cookie)).toEqual(['sid=s3cret'])
    expect(ended.stdout + ended.stderr).not.toContain('s3cret')
  })

  test('tells how many cookies the keyring has, and goes on with the others', async () => {
    const server = await pictures()
    const { run, folder } = await place()
    await running(
      chromiumDatabase(join(folder, 'Cookies'), 24, [
        { host: '127.0.0.1', name: 'sid', encrypted: encrypt('s3cret', '127.0.0.1') },
        { host: '127.0.0.1', name: 'a', encrypted: Buffer.from(`v11${'x'.repeat(32)}`) },
        { host: '127.0.0.1', name: 'b', encrypted: Buffer.from(`v11${'x'.repeat(32)}`) },
      ]),
    )
    const ended = await run(`${server.origin}/a.jpg`, '--json', '--cookies-from-browser', `chrome:${folder}`)
    expect(ended.status, ended.stderr).toBe(0)
    expect(server.seen.map(({ headers }) => headers.cookie)).toEqual(['sid=s3cret'])
    const notes = jsonLines(ended.stdout).filter(({ event }) => event === 'note')
    expect(notes).toEqual([
      {
        event: 'note',
        level: 'warning',
        message: expect.stringMatching(/^2 of 3 cookies in .*keyring.*--cookies FILE/),
      },
    ])
    expect(ended.stdout + ended.stderr).not.toContain('s3cret')
  })

  test.each([
    ['the keyring has all of them', 'chrome:.', /1 of 1 cookies in /],
    ['it is Safari', 'safari', /Safari/],
  ])('is a usage error where %s, before any request', async (_name, browser, words) => {
    const server = await pictures()
    const { run, folder } = await place()
    await running(
      chromiumDatabase(join(folder, 'Cookies'), 24, [
        { host: '127.0.0.1', name: 'a', encrypted: Buffer.from(`v11${'x'.repeat(32)}`) },
      ]),
    )
    const ended = await run(`${server.origin}/a.jpg`, '--cookies-from-browser', browser.replace('.', `${folder}/`))
    expect(ended.status).toBe(2)
    expect(ended.stderr).toMatch(words)
    expect(ended.stderr).toContain('--cookies FILE')
    expect(server.seen).toEqual([])
  })

  const chromium = '/usr/bin/chromium'
  const missing = !existsSync(chromium)

  test.skipIf(missing)(
    `reads what the real Chromium wrote${missing ? ` (skipped: there is no ${chromium})` : ''}`,
    async () => {
      const bytes = await picture(4)
      const server = await serve((request, response) => {
        if (request.url?.endsWith('.jpg') === true) sendPicture(response, bytes)
        else
          response
            .writeHead(200, {
              'content-type': 'text/html',
              'set-cookie': ['sid=s3cret; Max-Age=86400; HttpOnly', 'deep=a%20b; Path=/deep; Max-Age=86400'],
            })
            .end('<title>Museum</title>')
      })
      const { run, folder } = await place()
      const profile = join(folder, 'profile')
      await promisify(execFile)(
        chromium,
        [
          ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
          ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
          ...[`--user-data-dir=${profile}`, '--password-store=basic', '--dump-dom', `${server.origin}/`],
        ],
        { timeout: 100_000 },
      )
      server.seen.splice(0)
      const ended = await run(
        ...[`${server.origin}/a.jpg`, `${server.origin}/deep/b.jpg`, '-j', '1'],
        ...['--cookies-from-browser', `chromium:${profile}`],
      )
      expect(ended.status, ended.stderr).toBe(0)
      expect(server.seen.map(({ path, headers }) => `${path} ${headers.cookie}`)).toEqual([
        '/a.jpg sid=s3cret',
        '/deep/b.jpg deep=a%20b; sid=s3cret',
      ])
    },
    120_000,
  )
})
