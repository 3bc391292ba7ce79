import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { jsonLines } from '../cli/support.ts'
import type { Ended } from '../cli/support.ts'
import { authority } from '../http/support.ts'
import { httpProxy, picture, place, sendPicture, serve, socksProxy } from './support.ts'
import type { Server } from './support.ts'

let bytes: Buffer

beforeAll(async () => {
  bytes = await picture(1)
})

function pictures(): Promise<Server> {
  return serve((_request, response) => sendPicture(response, bytes))
}

/** A server over TLS whose certificate is for `museum.example` and 127.0.0.1. */
async function secure(): Promise<Server> {
  const tls = await (await authority()).issue(['museum.example', '127.0.0.1'])
  return serve((_request, response) => sendPicture(response, bytes), tls)
}

/** A port that nobody listens on, and that no server of another test is ever given. */
const CLOSED_PORT = 1

function failures(ended: Ended): readonly Record<string, unknown>[] {
  return jsonLines(ended.stdout).filter(({ event }) => event === 'failed')
}

describe('--proxy', () => {
  test('over HTTP gets http in absolute form, and a tunnel for https', async () => {
    const server = await secure()
    const plain = await pictures()
    const [forward, tunnel] = [await httpProxy(plain.port), await httpProxy(server.port)]
    const { run, folder } = await place()
    await writeFile(join(folder, 'ca.pem'), (await authority()).ca)
    const first = await run('http://museum.example/a.jpg', '--proxy', `http://127.0.0.1:${forward.port}`)
    expect(first.status, first.stderr).toBe(0)
    expect(forward.asked).toEqual(['GET http://museum.example/a.jpg'])
    const second = await run(
      ...['https://museum.example/b.jpg', '--proxy', `127.0.0.1:${tunnel.port}`, '--cacert', 'ca.pem'],
    )
    expect(second.status, second.stderr).toBe(0)
    expect(tunnel.asked).toEqual(['CONNECT museum.example:443'])
  })

  test('over SOCKS5 resolves the name where it says so', async () => {
    const server = await pictures()
    const proxy = await socksProxy(server.port)
    const { run } = await place()
    const ended = await run('http://museum.example/a.jpg', '--proxy', `socks5h://127.0.0.1:${proxy.port}`)
    expect(ended.status, ended.stderr).toBe(0)
    expect(proxy.asked).toEqual(['museum.example:80'])
    expect(server.seen[0]?.host).toBe('museum.example')
  })

  test('comes from the environment, but for hosts in NO_PROXY, and --proxy wins', async () => {
    const server = await pictures()
    const [theirs, mine] = [await httpProxy(server.port), await httpProxy(server.port)]
    const { run } = await place({
      http_proxy: `http://127.0.0.1:${theirs.port}`,
      NO_PROXY: '127.0.0.0/8,.open.example',
    })
    const ended = await run('http://museum.example/a.jpg', `${server.origin}/b.jpg`)
    expect(ended.status, ended.stderr).toBe(0)
    expect(theirs.asked).toEqual(['GET http://museum.example/a.jpg'])
    expect(server.seen.map(({ path }) => path).toSorted()).toEqual(['/a.jpg', '/b.jpg'])
    await run('http://museum.example/c.jpg', '--proxy', `http://127.0.0.1:${mine.port}`)
    expect(mine.asked).toEqual(['GET http://museum.example/c.jpg'])
  })

  test('that is not there is named in the failure, its password is not', async () => {
    const { run } = await place()
    const ended = await run(
      ...['http://museum.example/a.jpg', '--retries', '0', '--proxy', `http://joe:s3cret@127.0.0.1:${CLOSED_PORT}`],
    )
    expect(ended.status).toBe(3)
    expect(ended.stderr).toContain(`127.0.0.1:${CLOSED_PORT}`)
    expect(ended.stdout + ended.stderr).not.toContain('s3cret')
  })
})

describe('--connect-to', () => {
  test.each([
    ['museum.example::127.0.0.1:PORT', 'http://museum.example:8080/a.jpg'],
    ['::127.0.0.1:PORT', 'http://museum.example:8080/a.jpg'],
  ])('%s leads %s there, under its own name', async (rule, url) => {
    const server = await pictures()
    const { run } = await place()
    const ended = await run(
      url,
      '--connect-to',
      'other.example:80::1',
      '--connect-to',
      rule.replace('PORT', `${server.port}`),
    )
    expect(ended.status, ended.stderr).toBe(0)
    expect(server.seen.map(({ host }) => host)).toEqual([new URL(url).host])
  })

  test('leaves the certificate to the host that was asked for', async () => {
    const server = await secure()
    const { run, folder } = await place()
    await writeFile(join(folder, 'ca.pem'), (await authority()).ca)
    const ended = await run(
      ...['https://museum.example/a.jpg', 'https://other.example/b.jpg', '--json'],
      ...['--cacert', 'ca.pem', '--connect-to', `:443:127.0.0.1:${server.port}`],
    )
    expect(ended.status).toBe(3)
    expect(server.seen.map(({ host }) => host)).toEqual(['museum.example'])
    expect(failures(ended)).toMatchObject([{ url: 'https://other.example/b.jpg', code: 'Certificate', attempts: 1 }])
    expect(failures(ended)[0]?.['reason']).toMatch(/the certificate is for another one/)
  })
})

describe('--cacert', () => {
  test('with the right authority lets the server in; without, or with another, the failure says what to do', async () => {
    const server = await secure()
    const { run, folder } = await place()
    await writeFile(join(folder, 'right.pem'), (await authority()).ca)
    // A leaf is the authority of nobody.
    await writeFile(join(folder, 'wrong.pem'), (await (await authority()).issue(['other.example'])).cert)
    const right = await run(`${server.origin}/a.jpg`, '--cacert', 'right.pem')
    expect(right.status, right.stderr).toBe(0)
    for (const more of [[], ['--cacert', 'wrong.pem']]) {
      const ended = await run(`${server.origin}/b.jpg`, ...more)
      expect(ended.status).toBe(3)
      expect(ended.stderr).toMatch(/certificate is not accepted.*--cacert FILE/i)
      expect(ended.stderr).not.toContain('tries')
    }
    expect(server.seen).toHaveLength(1)
  })

  test.each([
    ['nowhere.pem', 'nowhere.pem'],
    ['broken.pem', 'holds no certificate'],
  ])('with %s is a usage error', async (file, words) => {
    const { run, folder } = await place()
    await writeFile(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nMIIx\n-----END CERTIFICATE-----\n')
    const ended = await run('https://127.0.0.1:1/a.jpg', '--cacert', file)
    expect(ended.status).toBe(2)
    expect(ended.stderr).toContain(words)
  })
})

describe('a host that cannot be reached', () => {
  test('fails a single URL with status 3', async () => {
    const { run } = await place()
    const ended = await run(`http://127.0.0.1:${CLOSED_PORT}/a.jpg`, '--retries', '0', '--json')
    expect(ended.status).toBe(3)
    expect(failures(ended)).toMatchObject([{ code: 'Network', attempts: 1 }])
    expect(failures(ended)[0]?.['reason']).toContain('ECONNREFUSED')
  })

  test('by its name alone fails with words about the name', async () => {
    const { run } = await place()
    const ended = await run('http://museum.invalid/a.jpg', '--retries', '0', '--json')
    expect(ended.status).toBe(3)
    expect(failures(ended)).toMatchObject([{ code: 'Network', url: 'http://museum.invalid/a.jpg' }])
    expect(failures(ended)[0]?.['reason']).toMatch(/host name .*; check how it is spelt/)
  })

  test('fails a gallery with status 4, and the summary says why', async () => {
    const { run } = await place()
    const ended = await run('imgur:a/abc12', '--retries', '0', '--connect-to', `::127.0.0.1:${CLOSED_PORT}`)
    expect(ended.status).toBe(4)
    expect(ended.stderr).toContain('imgur:a/abc12')
    expect(ended.stderr).toContain('ECONNREFUSED')
  })
})
