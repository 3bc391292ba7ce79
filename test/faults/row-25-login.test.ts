import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { start } from '../e2e/program.ts'
import { picture } from '../engine/pictures.ts'
import type { Asked, Reply } from '../engine/site.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const FORM =
  '<!doctype html><title>Log in</title><form method=post><input type="password" name="p"></form><img src=/x.jpg>'
const PAGE = { headers: { 'content-type': 'text/html' }, body: FORM }
const FILES = 40

/** How sites turn somebody away whose login has ended. */
const WALLS: readonly (readonly [string, Reply])[] = [
  ['a redirect to the login', { status: 302, headers: { location: '/login?next=1' } }],
  ['the login page with status 200', PAGE],
  ['status 401', { status: 401, headers: { 'www-authenticate': 'Basic' } }],
]

/** A site whose pictures below /m are for who has a cookie that is good, beside one that asks for none. */
async function members(wall: Reply): Promise<Members> {
  const [scene, other] = [await Scene.open(), await Scene.open()]
  const cookies = scene.library.beside('cookies.txt')
  const logIn = (session: string): void =>
    writeFileSync(cookies, `# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t${session}\n`)
  const good = { session: 'first', left: 10 }
  const serve = ({ path }: Pick<Asked, 'path'>): Reply => {
    const answer = picture(path)
    scene.hold(path, answer.body)
    return answer
  }
  scene.site.on('/login*', PAGE)
  scene.site.on('/m*', ({ path, headers }) => {
    if (headers.cookie !== `session=${good.session}` || good.left === 0) return wall
    good.left -= 1
    return serve({ path })
  })
  other.site.on('/o*', serve)
  logIn('first')
  const targets = [scene.site.url(`/m[1-${FILES}].jpg`), other.site.url('/o[1-60].jpg')]
  return { scene, other, good, cookies, logIn, args: [...targets, '--cookies', cookies, '-j', '4', '--retries', '0'] }
}

interface Members {
  readonly scene: Scene
  readonly other: Scene
  /** The login that the site takes, and for how many files more. */
  readonly good: { session: string; left: number }
  readonly cookies: string
  readonly logIn: (session: string) => void
  readonly args: readonly string[]
}

test.each(WALLS)(
  'row 25: a login ends in the middle (%s): its host waits with one message, others go on, new cookies end the wait',
  async (_what, wall) => {
    const { scene, other, good, logIn, args } = await members(wall)
    const { finished, child } = start([...args, '--json', '--to', scene.library.root])
    let said = ''
    const timesTold = (): number => said.split('\n').filter((line) => line.includes('has ended')).length
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const others = other.site.log.filter(({ done }) => done).length
      if (timesTold() === 0 || others < 60 || good.session !== 'first') return
      Object.assign(good, { session: 'second', left: FILES })
      logIn('second')
    })
    const { status, stderr } = await finished
    expect([status, stderr.match(/the login at/g)?.length, timesTold()]).toEqual([0, 1, 1])
    expect(stderr).toMatch(/write new cookies to .*cookies\.txt within 10 minutes/)
    expect(scene.site.paths('/x.jpg')).toEqual([])
    // Three to be sure, four on the way; nobody else asked until there was a new login.
    expect(scene.site.paths('/m').length).toBeLessThanOrEqual(FILES + 7)
    expect(await scene.check({ states: { stored: FILES + 60 } })).toEqual([])
  },
)

test('row 25: nobody logs in again: the rest fails with that reason, none as a picture, and retry takes them up', async () => {
  const { scene, good, cookies, logIn, args } = await members({ status: 302, headers: { location: '/login' } })
  const first = await Round.run(scene, [...args, '--login-wait', '0.2'], { states: { stored: 70, failed: 30 } })
  expect(first.problems).toEqual([])
  expect([first.status, first.end.reasons]).toEqual([3, { NeedsLogin: 30 }])
  expect(first.finished.stderr).toMatch(/retry.*new cookies: --cookies FILE/)
  expect(scene.site.paths('/m').length).toBeLessThanOrEqual(10 + 7)
  Object.assign(good, { session: 'second', left: FILES })
  logIn('second')
  const second = await Round.run(scene, ['retry', '--cookies', cookies], { states: { stored: 100 } })
  expect([second.status, second.problems]).toEqual([0, []])
})

test('row 25: an interruption ends the wait, and resume goes on with new cookies', async () => {
  const { scene, good, logIn, args } = await members(PAGE)
  const { finished, child } = start([...args, '--to', scene.library.root])
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.includes('has ended')) return
    said += chunk.toString()
    if (said.includes('has ended')) child.kill('SIGINT')
  })
  expect((await finished).status).toBe(130)
  expect(await scene.check({ unfinished: true })).toEqual([])
  Object.assign(good, { session: 'second', left: FILES })
  logIn('second')
  const second = await Round.run(scene, ['resume'], { states: { stored: 100 } })
  expect([second.status, second.problems]).toEqual([0, []])
})

test('row 25: an item that is not for this login fails alone; the host goes on', async () => {
  const { scene, good, args } = await members({ status: 401 })
  good.left = 1000
  scene.site.on('/m20.jpg', { status: 401 })
  const ran = await Round.run(scene, args, { states: { stored: 99, failed: 1 } })
  expect([ran.problems, ran.of('/m20.jpg'), ran.attempts('/m20.jpg')]).toEqual([[], 'NeedsLogin', 1])
  expect(ran.finished.stderr).not.toMatch(/has ended/)
})

test('row 25: without cookies there is no login to renew: after twenty such answers the host is left alone', async () => {
  const scene = await Scene.open()
  scene.site.on('/login*', PAGE)
  scene.site.on('/m*', { status: 302, headers: { location: '/login' } })
  const ran = await Round.run(scene, [scene.site.url('/m[1-60].jpg'), scene.site.url('/m.jpg'), '-j', '4'])
  expect([ran.status, ran.end.reasons, ran.problems]).toEqual([3, { NeedsLogin: 61 }, []])
  expect(scene.site.paths('/m').length).toBeLessThan(30)
  expect(scene.site.paths('/x')).toEqual([])
})

test('row 25: a page that asks for a login is no page of pictures; with cookies the same target is collected', async () => {
  const { scene, cookies } = await members({ status: 302, headers: { location: '/login?back=gallery' } })
  scene.site.on('/gallery', ({ headers }) =>
    headers.cookie === 'session=first'
      ? { headers: PAGE.headers, body: '<img src=/m1.jpg><img src=/m2.jpg>' }
      : { status: 302, headers: { location: '/login?back=gallery' } },
  )
  const first = await Round.run(scene, [`page:${scene.site.url('/gallery')}`], { states: {} })
  expect([first.problems, first.status, first.end.targets.map(({ code }) => code)]).toEqual([[], 4, ['NeedsLogin']])
  expect(first.finished.stderr).toMatch(/asks for a login.*--cookies FILE/)
  const second = await Round.run(scene, ['retry', '--cookies', cookies], { states: { stored: 2 } })
  expect([second.problems, second.status]).toEqual([[], 0])
})

test('row 25: cookies for somebody else are no login that could end here: nobody is waited for', async () => {
  const { scene, cookies, args } = await members({ status: 302, headers: { location: '/login' } })
  writeFileSync(cookies, 'museum.example\tFALSE\t/\tFALSE\t0\tsession\tfirst\n')
  scene.site.on('/m1.jpg', ({ path }) => ({ ...picture(path), body: scene.hold(path, picture(path).body) }))
  const ran = await Round.run(scene, args, { states: { stored: 61, failed: FILES - 1 } })
  expect([ran.problems, ran.end.reasons]).toEqual([[], { NeedsLogin: FILES - 1 }])
  expect(ran.finished.stderr).not.toMatch(/has ended/)
})
