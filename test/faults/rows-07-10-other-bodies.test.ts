import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { picture } from '../engine/pictures.ts'
import { Site } from '../engine/site.ts'
import type { Reply } from '../engine/site.ts'
import { pictureOf } from './support/gallery.ts'
import { replicasOf, sumsOf } from './support/replicas.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

const JPEG = { 'content-type': 'image/jpeg' }
const ERROR_PAGE = '<!doctype html><title>Something went wrong</title><p>Try again later.'
const SVG = (inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${inner}<rect width="9" height="9"/></svg>`

let scene: Scene
let round: Round

/** Bodies that are no picture, each with the code of its failure. */
const NOTHING: Readonly<Record<string, readonly [string, Reply]>> = {
  'html-as-html': ['Html', { headers: { 'content-type': 'text/html' }, body: ERROR_PAGE }],
  'html-as-jpeg': ['Html', { headers: JPEG, body: ERROR_PAGE }],
  empty: ['Empty', { headers: JPEG }],
  'no-content': ['Empty', { status: 204 }],
  script: ['WrongType', { headers: JPEG, body: '#!/bin/sh\nrm -rf ~\n' }],
  program: ['WrongType', { headers: JPEG, body: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2000)]) }],
  shortcut: ['WrongType', { headers: JPEG, body: '[InternetShortcut]\r\nURL=file:///c:/windows\r\n' }],
  'desktop-entry': ['WrongType', { headers: JPEG, body: '[Desktop Entry]\nType=Application\nExec=sh\n' }],
  'scripted-svg': ['WrongType', { headers: JPEG, body: SVG('<script>alert(1)</script>') }],
  json: ['WrongType', { headers: JPEG, body: '{"error":"gone"}' }],
}

beforeAll(async () => {
  scene = await Scene.lasting()
  const { site } = scene
  for (const [name, [, reply]] of Object.entries(NOTHING)) site.on(`/${name}.jpg`, reply)
  const lies: Readonly<Record<string, Buffer>> = {
    png: (await pictureOf(1)).bytes,
    avif: await sharp({ create: { width: 16, height: 16, channels: 3, background: '#4a8' } })
      .avif()
      .toBuffer(),
    svg: Buffer.from(SVG('')),
  }
  for (const [format, bytes] of Object.entries(lies))
    site.on(`/lying-${format}.jpg`, { headers: JPEG, body: scene.hold(`/lying-${format}.jpg`, bytes) })
  const paths = [...Object.keys(NOTHING), ...Object.keys(lies).map((format) => `lying-${format}`)]
  // As a gallery names them: `direct:` says that they are files.
  const targets = paths.map((name) => `direct:${site.url(`/${name}.jpg`)}`)
  round = await Round.run(scene, [...targets, '--retries', '0'], {
    states: { stored: 3, failed: Object.keys(NOTHING).length },
  })
})

afterAll(() => scene.close())

const bodies = (...names: readonly string[]): readonly (readonly [string, string])[] =>
  names.map((name) => [name, NOTHING[name]?.[0] ?? ''])

function expectRefused(name: string, code: string): void {
  expect(round.problems).toEqual([])
  expect([round.of(`/${name}.jpg`), round.attempts(`/${name}.jpg`)]).toEqual([code, 1])
}

test.each(bodies('html-as-html', 'html-as-jpeg'))('row 7: %s is refused as %s', expectRefused)

test('row 7: twenty such answers in a row, and the host is not asked any more; another host goes on', async () => {
  const [own, other] = [await Scene.open(), await Site.open()]
  own.site.on('/*', { headers: { 'content-type': 'text/html' }, body: ERROR_PAGE })
  other.on('/*', ({ path }) => {
    const answer = picture(path)
    own.hold(path, answer.body)
    return answer
  })
  const targets = [own.site.url('/h[1-90].jpg'), other.url('/o[1-60].jpg')]
  const flags = ['--option', 'template.missingHtml=false', '--retries', '0', '--per-host', '4']
  const ran = await Round.run(own, [...targets, ...flags], { states: { stored: 60, failed: 90 } })
  await other.close()
  expect([ran.problems, ran.end.reasons]).toEqual([[], { Html: 90 }])
  expect(own.site.paths().length).toBeLessThan(60)
  expect(ran.reason('/h90.jpg')).toMatch(/last 20 files.*not asked any more/)
})

test('row 8: the picture for removed images is not taken for the image', async () => {
  const own = await Scene.open()
  const { replicas, flags } = await replicasOf('imgur')
  const one = replicas[0]?.targets.find(({ target }) => target === 'imgur:r/lost')
  const { files = {}, failed = {} } = one?.expected ?? {}
  const states = { stored: Object.keys(files).length, failed: Object.keys(failed).length }
  const ran = await Round.run(own, ['imgur:r/lost', ...flags], { states, sums: await sumsOf(files) })
  expect(ran.problems).toEqual([])
  expect(Object.values(failed)).toContain('Placeholder')
  expect(ran.end.reasons['Placeholder']).toBe(Object.values(failed).filter((code) => code === 'Placeholder').length)
})

test('row 8: a picture of one pixel is refused by the smallest size', async () => {
  const own = await Scene.open()
  own.site.on('/1x1.jpg', picture('pixel'))
  own.site.on('/real.jpg', { headers: JPEG, body: own.hold('/real.jpg', (await pictureOf(4)).bytes) })
  const args = [own.site.url('/1x1.jpg'), own.site.url('/real.jpg'), '--screen', 'min-size=2x2']
  const ran = await Round.run(own, args, { states: { stored: 1, rejected: 1 } })
  expect([ran.problems, ran.status, ran.of('/1x1.jpg')]).toEqual([[], 0, 'rejected'])
})

test.each(bodies('empty', 'no-content'))('row 9: %s is a failure (%s), and no file of no bytes', expectRefused)

test.each(bodies('script', 'program', 'shortcut', 'desktop-entry', 'json', 'scripted-svg'))(
  'row 10: a %s that calls itself a JPEG is never stored: %s',
  expectRefused,
)

test.each(['png', 'avif', 'svg'])('row 10: a %s that calls itself a JPEG gets the extension of its bytes', (format) => {
  expect(round.problems).toEqual([])
  expect(round.place(`/lying-${format}.jpg`)).toBe(`127.0.0.1/lying-${format}.${format}`)
})
