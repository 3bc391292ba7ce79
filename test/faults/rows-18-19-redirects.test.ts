import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { picture } from '../engine/pictures.ts'
import { Site } from '../engine/site.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

let scene: Scene
let other: Site
let round: Round
let moved: Round

const SECRETS = ['cookie-secret', 'header-secret', 'userinfo-secret']

const to = (location: string): { status: number; headers: Record<string, string> } => ({
  status: 302,
  headers: { location },
})

/** Where a redirect of the public host leads, and what becomes of the item. */
const REDIRECTS: readonly (readonly [string, () => string, string])[] = [
  ['itself', () => '/0.jpg', 'Redirect'],
  ['300 others', () => '/hop/1', 'Redirect'],
  ['an empty place', () => '', 'Redirect'],
  ['a port that is none', () => 'http://site.test:99999/a.jpg', 'Redirect'],
  ['a file', () => 'file:///etc/passwd', 'Redirect'],
  ['ftp', () => 'ftp://site.test/a.jpg', 'Redirect'],
  ['gopher', () => 'gopher://site.test/a.jpg', 'Redirect'],
  ['javascript', () => 'javascript:alert(1)', 'Redirect'],
  ['the machine itself', () => scene.site.url('/inner.jpg'), 'Address'],
  ['the machine itself in other words', () => `http://2130706433:${scene.site.port}/inner.jpg`, 'Address'],
  ['the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/', 'Address'],
  ['a relative place', () => '../good/../good/relative.jpg', 'stored'],
  ['a place with spaces', () => '/good/with space.jpg', 'stored'],
  ['a fragment', () => '/good/fragment.jpg#part', 'stored'],
]

beforeAll(async () => {
  scene = await Scene.lasting()
  other = await Site.open()
  const { site } = scene
  const serve = ({ path }: { readonly path: string }): ReturnType<typeof picture> => {
    const answer = picture(path)
    scene.hold(path, answer.body)
    return answer
  }
  site.on('/good/*', serve)
  site.on('/hop/*', ({ path }) => to(`/hop/${Number(path.split('/').at(-1)) + 1}`))
  site.on('/inner.jpg', serve)
  for (const [at, [, location]] of REDIRECTS.entries()) site.on(`/${at}.jpg`, () => to(location()))
  site.on('/away-*', ({ path }) => to(`http://other.test${path}`))
  site.on('/port-*', ({ path }) => to(`http://site.test:8080${path.replace('port', 'away')}`))
  other.on('/away-*', serve)
  const cookies = scene.library.beside('cookies.txt')
  writeFileSync(cookies, 'site.test\tFALSE\t/\tFALSE\t0\tsession\tcookie-secret\n')
  const leads = ['site.test:80', 'site.test:8080', 'other.test:80'].flatMap((from) => [
    '--connect-to',
    `${from}:127.0.0.1:${from === 'site.test:80' ? site.port : other.port}`,
  ])
  const args = ['--cookies', cookies, '-H', 'Authorization: Bearer header-secret', ...leads]
  const urls = [
    ...REDIRECTS.map((_, at) => site.at(`/${at}.jpg`)),
    site.at('/away-9.jpg'),
    '-H',
    'Cookie: own=header-secret',
  ]
  const stored = REDIRECTS.filter(([, , outcome]) => outcome === 'stored').length + 1
  const failed = REDIRECTS.length + 1 - stored
  round = await Round.run(scene, [...urls, ...args, '--retries', '1'], { states: { stored, failed }, secrets: SECRETS })
  const away = ['/away-1.jpg', '/port-2.jpg'].map((path) => site.at(path))
  const withUser = 'http://user:userinfo-secret@site.test/away-3.jpg'
  const states = { stored: stored + 3, failed }
  moved = await Round.run(scene, [...away, withUser, ...args], { states, secrets: SECRETS })
})

afterAll(async () => {
  await other.close()
  await scene.close()
})

test.each(REDIRECTS.map(([where, , outcome], at) => [where, outcome, `/${at}.jpg`]))(
  'row 18: a redirect to %s: %s',
  (_where, outcome, path) => {
    expect(round.problems).toEqual([])
    expect(round.of(path)).toBe(outcome)
    if (outcome !== 'stored') expect(round.attempts(path)).toBe(1)
    expect(scene.site.paths('/inner')).toEqual([])
    expect(scene.site.paths('/hop').length).toBeLessThanOrEqual(20)
  },
)

test('row 19: cookies, Authorization and user names stay behind when a redirect leads to another host or port', () => {
  expect([moved.problems, moved.status]).toEqual([[], 0])
  const first = scene.site.log.filter(({ path }) => /away|port/.test(path))
  const [given, kept] = ['own=header-secret', 'session=cookie-secret']
  expect(first.map(({ headers }) => headers.cookie)).toEqual([given, kept, kept, kept])
  const away = other.log.map(({ path }) => path)
  expect(away.toSorted()).toEqual(['/away-1.jpg', '/away-2.jpg', '/away-3.jpg', '/away-9.jpg'])
  for (const { headers } of other.log) {
    // A cookie of the jar belongs to its host on every port (RFC 6265, 8.5); everything else to its origin.
    if (headers.host === 'site.test:8080') expect(headers.cookie).toBe(kept)
    else expect(headers).not.toHaveProperty('cookie')
    expect(headers).not.toHaveProperty('authorization')
  }
  const told = moved.finished.stdout + moved.finished.stderr
  for (const secret of SECRETS) expect(told).not.toContain(secret)
})
