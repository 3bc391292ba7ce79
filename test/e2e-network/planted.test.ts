/**
 * Secrets planted in every place that can hold one, through the real program in many situations, searched for in all
 * output, the catalog, the library, and what the system shows of the processes.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { watch } from '../cli/support.ts'
import { onEnd } from '../http/support.ts'
import { workplace } from '../cli/support.ts'
import type { Workplace } from '../cli/support.ts'
import { PLANTED, secretsBelow, secretsIn } from './planted.ts'
import { httpProxy, picture, sendPicture, serve } from './support.ts'
import type { Server } from './support.ts'

const { header, cookie, user, token, signature, fragment, proxy, client, environment, bystander } = PLANTED

interface Stage {
  readonly place: Workplace
  readonly site: Server
  /** The proxy that everything goes through. */
  readonly proxyPort: number
  /** Arguments with a secret in each place that takes one. */
  readonly secretly: readonly string[]
  /** Whole URLs of the site with secrets in them. */
  readonly url: (path: string) => string
  /** Resolves when a request below `/held` waits: its part and its rows are there. */
  readonly waits: Promise<void>
  /** Answers to `/held` begin. */
  readonly release: () => void
}

/** A site that asks for nothing, answers in every way, and repeats what it was told in its errors. */
async function stage(): Promise<Stage> {
  const bytes = await Promise.all([1, 2, 3, 4, 5].map((seed) => picture(seed)))
  const waiting: (() => void)[] = []
  const { promise: waits, resolve: wait } = Promise.withResolvers<void>()
  let released = false
  const site = await serve((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*/, '')
    const echo = `${PLANTED.echo} ${request.headers.authorization} ${request.headers.cookie} ${request.url}`
    const send = (): void =>
      sendPicture(response, bytes[path.length % bytes.length] ?? Buffer.alloc(0), {
        'set-cookie': `sid=${PLANTED.setCookie}; Path=/`,
        etag: `"${path}"`,
      })
    if (path.startsWith('/held') && !released) {
      waiting.push(send)
      wait()
    } else if (path === '/away.jpg')
      response.writeHead(302, { location: `/moved.jpg?sig=${PLANTED.redirect}#access_token=${PLANTED.redirect}` }).end()
    else if (path === '/page')
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          `<title>Page</title><img src="/signed.jpg?X-Amz-Signature=${signature}&amp;x=1"><img src="/gone.jpg?token=${token}">`,
        )
    else if (path === '/reset.jpg') request.socket.destroy()
    else if (path === '/html.jpg') response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${echo}`)
    else if (/^\/(?:gone|refused|broken)/.test(path))
      response
        .writeHead(path.startsWith('/gone') ? 404 : path.startsWith('/refused') ? 403 : 500, { 'x-echo': 'a' })
        .end(echo)
    else send()
  })
  const { port: proxyPort } = await httpProxy(site.port)
  const place = await workplace({
    // A repeatable option takes a line for each value.
    BOWERBIRD_HEADER: `X-Environment: ${environment}`,
    AWS_SECRET_ACCESS_KEY: bystander,
    NETRC_PASSWORD: bystander,
  })
  onEnd(() => place.remove())
  writeFileSync(join(place.folder, 'cookies.txt'), `127.0.0.1\tFALSE\t/\tFALSE\t0\tlogin\t${cookie}\n`, { mode: 0o600 })
  const secretly = [
    ...['-H', `Authorization: Bearer ${header}`, '-H', `X-Api-Key: ${header}`, '--cookies', 'cookies.txt'],
    ...['--option', `deviantart.clientSecret=${client}`, '--option', `search.googleApiKey=${client}`],
    ...['--retries', '0', '--no-fsync'],
  ]
  return {
    place,
    site,
    proxyPort,
    secretly,
    url: (path) =>
      `http://me:${user}@127.0.0.1:${site.port}${path}?token=${token}&X-Amz-Signature=${signature}#access_token=${fragment}`,
    waits,
    release: () => {
      released = true
      for (const send of waiting.splice(0)) send()
    },
  }
}

/** The user's own files, and what is kept apart on purpose (looked at by itself). */
function isKeptApart(path: string): boolean {
  return path === 'cookies.txt' || path.startsWith('config/') || path.includes('.bowerbird/private.')
}

/** Nothing of the secrets is in what was said, nor in anything that was written. */
function expectNone(place: Workplace, ...said: readonly string[]): void {
  expect(said.map((text) => secretsIn(text))).toEqual(said.map(() => []))
  expect(secretsBelow(place.folder, isKeptApart)).toEqual([])
}

/** What is kept apart is for the user alone. */
function modesOfPrivate(place: Workplace): readonly string[] {
  const folder = join(place.folder, 'bowerbird/.bowerbird')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.startsWith('private.'))
    .map((name) => (lstatSync(join(folder, name)).mode & 0o777).toString(8))
}

const ALL = [
  '/a.jpg',
  '/bb.jpg',
  '/away.jpg',
  '/page',
  '/gone.jpg',
  '/refused.jpg',
  '/broken.jpg',
  '/html.jpg',
  '/reset.jpg',
]

test('the search itself finds a secret in each form', () => {
  const { token: secret } = PLANTED
  for (const text of [
    secret,
    encodeURIComponent(`/${secret}+`),
    Buffer.from(`user:${secret}!`).toString('base64'),
    Buffer.from(`us:${secret}`).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ])
    expect(secretsIn(`...${text}...`), text).toEqual(['token'])
  expect(secretsIn('nothing')).toEqual([])
})

describe('no secret is told or kept', () => {
  test.each([
    ['in plain words', []],
    ['with --verbose', ['-v']],
    ['as events with --verbose', ['--json', '-v']],
    ['as lines of JSON, with sidecars', ['--print', 'json', '--sidecar']],
    ['as paths', ['--print', 'path']],
    ['quietly, with files decoded', ['-q', '--verify', 'decode']],
  ])('%s: success, redirects, pages, refusals, errors and broken connections', async (_what, flags) => {
    const { place, site, secretly, url } = await stage()
    const ended = await place.run('get', ...ALL.map(url), ...secretly, ...flags)
    expect(ended.status, ended.stderr).toBe(4)
    // The secrets went where they belong, so that they could have been told.
    expect(site.seen.some(({ headers }) => headers.authorization === `Bearer ${header}`)).toBe(true)
    expect(site.seen.some(({ headers }) => headers.cookie?.includes(cookie) === true)).toBe(true)
    expect(site.seen.some(({ path }) => path.includes(token))).toBe(true)
    expectNone(place, ended.stdout, ended.stderr)
    expect(modesOfPrivate(place).filter((mode) => mode !== '600')).toEqual([])
    const again = await place.run('retry', ...secretly.slice(4), ...flags)
    expectNone(place, again.stdout, again.stderr)
  })

  test('what waits keeps its whole URL apart, for the user alone, until it is stored', async () => {
    const { place, secretly, url, waits, release } = await stage()
    const running = watch(place.start('get', url('/held.jpg'), ...secretly))
    await waits
    running.child.kill('SIGKILL')
    const killed = await running.ended
    expectNone(place, killed.stdout, killed.stderr)
    const modes = modesOfPrivate(place)
    expect(modes.length).toBeGreaterThan(0)
    expect(new Set(modes)).toEqual(new Set(['600']))
    release()
    const resumed = await place.run('resume', ...secretly.slice(0, 6), '--json')
    expect(resumed.status, resumed.stderr).toBe(0)
    expectNone(place, resumed.stdout, resumed.stderr)
    expect(secretsBelow(place.folder, (path) => path === 'cookies.txt')).toEqual([])
  })

  test('an interruption, and commands that tell what is there', async () => {
    const { place, secretly, url, waits } = await stage()
    const running = watch(
      place.start('get', url('/a.jpg'), url('/gone.jpg'), url('/held.jpg'), ...secretly, '-v', '-j', '1'),
    )
    await waits
    running.child.kill('SIGINT')
    await running.said(/^Stopping/m)
    running.child.kill('SIGINT')
    const interrupted = await running.ended
    expect(interrupted.status).toBe(130)
    expectNone(place, interrupted.stdout, interrupted.stderr)
    const followed = await place.run('follow', url('/page'))
    const told = [followed]
    for (const args of [
      ['find'],
      ['find', '--json'],
      ['follows'],
      ['follows', '--json'],
      ['update', '--json'],
      ['doctor'],
      ['verify'],
      ['verify', '--json'],
      ['config', 'check'],
    ])
      told.push(await place.run(...args))
    const key = /direct:[0-9a-f]{64}/.exec(told.map(({ stdout }) => stdout).join('\n'))?.[0]
    expect(key).toBeDefined()
    told.push(await place.run('show', key ?? ''), await place.run('show', key ?? '', '--json'))
    for (const { stdout, stderr } of told) expect(secretsIn(stdout + stderr), stdout + stderr).toEqual([])
    expectNone(place)
  })

  test('what the environment says', async () => {
    const { place, site, proxyPort, url } = await stage()
    place.environment['BOWERBIRD_PROXY'] = `http://me:${proxy}@127.0.0.1:${proxyPort}`
    for (const flags of [['-v'], ['--json']]) {
      const ended = await place.run('get', url('/a.jpg'), url('/gone.jpg'), '--retries', '0', ...flags)
      expectNone(place, ended.stdout, ended.stderr)
    }
    delete place.environment['BOWERBIRD_PROXY']
    await place.run('get', url('/bb.jpg'))
    expect(site.seen.some(({ headers }) => headers['x-environment'] === environment)).toBe(true)
  })

  test('a proxy with a password, that works and that does not', async () => {
    const { place, proxyPort, secretly, url } = await stage()
    for (const port of [proxyPort, 1]) {
      const through = ['--proxy', `http://me:${proxy}@127.0.0.1:${port}`]
      const ended = await place.run('get', url(`/p${port}.jpg`), ...secretly, ...through, '-v', '--overwrite')
      expect(ended.status, ended.stderr).toBe(port === 1 ? 3 : 0)
      expectNone(place, ended.stdout, ended.stderr)
    }
  })

  test('a dry run tells whole media URLs, which it was asked for, and nothing else', async () => {
    const { place, secretly, url } = await stage()
    const ended = await place.run('get', url('/a.jpg'), url('/page'), ...secretly, '--dry-run', '--json', '-v')
    const others = ended.stdout.split('\n').filter((line) => !line.startsWith('{"event":"asset"'))
    expectNone(place, others.join('\n'), ended.stderr)
    const told = secretsIn(ended.stdout)
    expect(told.filter((name) => !['token', 'signature', 'user'].includes(name))).toEqual([])
  })

  test.each<[string, (one: Stage) => readonly string[]]>([
    ['a header without colon', () => ['https://x.example/', '-H', `Authorization Bearer ${header}`]],
    ['a proxy that is none', () => ['https://x.example/', '--proxy', `nothing://me:${proxy}@host`]],
    ['a proxy with a bad port', () => ['https://x.example/', '--proxy', `http://me:${proxy}@host:999999`]],
    [
      'an option of a source that is none',
      () => ['https://x.example/', '--option', `deviantart.clientSecrets=${client}`],
    ],
    [
      'an option of a source of a wrong kind',
      () => ['https://x.example/', '--option', `search.googleApiKey.x=${client}`],
    ],
    ['a URL that is none', () => [`https://me:${user}@x.example:bad/?token=${token}`]],
    ['a URL of another scheme', () => [`ftp://me:${user}@x.example/?token=${token}`]],
    ['a template that is none', () => [`https://me:${user}@x.example/[9-1].jpg?token=${token}`]],
    [
      'a list with wrong lines',
      ({ place }) => listOf(place, [`ftp://me:${user}@h/`, `https://me:${user}@h:x/?sig=${signature}`]),
    ],
    [
      'a name that no resolver knows',
      () => [`http://me:${user}@nowhere.invalid/a.jpg?token=${token}`, '--retries', '0'],
    ],
    ['explain', () => ['explain', `https://me:${user}@x.example/a.jpg?token=${token}`]],
    ['explain --json', () => ['explain', `https://me:${user}@x.example/{1..3}.jpg?token=${token}`, '--json']],
  ])('%s', async (_what, args) => {
    const one = await stage()
    const ended = await one.place.run(...args(one))
    expect(ended.stdout + ended.stderr).not.toBe('')
    expectNone(one.place, ended.stdout, ended.stderr)
  })

  test('a configuration with mistakes in it', async () => {
    const { place } = await stage()
    const file = join(place.folder, 'config.yaml')
    writeFileSync(
      file,
      `header: "Authorization ${header}"\nproxy: [${proxy}]\nsources:\n  deviantart:\n    clientSecret: [${client}]\n    clientSecre: ${client}\n`,
    )
    const ended = await place.run('config', 'check', '--config', 'config.yaml')
    expect(ended.status).toBe(2)
    expect(secretsIn(ended.stdout + ended.stderr)).toEqual([])
  })

  test('a mistake in the program, told with its place', async () => {
    const { place, secretly, url } = await stage()
    const module = join(place.folder, 'mistake.mjs')
    writeFileSync(
      module,
      "import http from 'node:net'\nconst make = URL.parse\nURL.parse = (text, base) => { if (String(text).includes('/a.jpg')) throw new TypeError('broken'); return make(text, base) }\n",
    )
    place.environment['NODE_OPTIONS'] = `--import=${module}`
    const ended = await place.run('get', url('/a.jpg'), ...secretly, '-v')
    expect(ended.status).toBe(1)
    expectNone(place, ended.stdout, ended.stderr)
  })

  test('the system shows what the user typed, and of the processes that it starts nothing', async () => {
    const { place, secretly, url, waits, release } = await stage()
    const args = ['get', url('/a.jpg'), url('/held.jpg'), ...secretly, '--verify', 'decode', '-j', '2']
    const running = watch(place.start(...args))
    await waits
    const [own, ...others] = await treeWithDecoder(running.child.pid ?? 0)
    expect(own?.command.slice(2)).toEqual(args)
    expect(secretsIn(own?.title ?? '')).toEqual([])
    for (const { command, title } of others) expect(secretsIn([...command, title].join(' '))).toEqual([])
    release()
    const ended = await running.ended
    expect(ended.status, ended.stderr).toBe(0)
  })
})

function listOf(place: Workplace, lines: readonly string[]): readonly string[] {
  writeFileSync(join(place.folder, 'cookies.txt'), lines.join('\n'))
  return ['get', '-i', 'cookies.txt']
}

interface Shown {
  readonly command: readonly string[]
  readonly title: string
}

/** The tree of the program when the process that decodes is there, no longer as the copy of its parent that it begins as. */
async function treeWithDecoder(pid: number): Promise<readonly Shown[]> {
  for (;;) {
    const tree = treeOf(pid)
    const [own, ...others] = tree
    const copied = others.some(({ command }) => command.join(' ') === own?.command.join(' '))
    if (others.length > 0 && !copied) return tree
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A process and all below it, as `ps` shows them. */
function treeOf(pid: number): readonly Shown[] {
  const of = (name: string, file: string): string => {
    try {
      return readFileSync(`/proc/${name}/${file}`, 'utf8')
    } catch {
      return ''
    }
  }
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => new RegExp(`^PPid:\\s${pid}$`, 'm').test(of(name, 'status')))
  const own = { command: of(String(pid), 'cmdline').split('\0').slice(0, -1), title: of(String(pid), 'comm') }
  return [own, ...children.flatMap((child) => treeOf(Number(child)))]
}
