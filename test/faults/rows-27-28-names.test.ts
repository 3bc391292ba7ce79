import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { picture } from '../engine/pictures.ts'
import { Library } from '../engine/library.ts'
import { run } from '../e2e/program.ts'
import { suite } from '../http/shared.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

interface NamesSuite {
  readonly single: readonly { readonly name: string }[]
  readonly collision_groups: readonly { readonly names: readonly string[] }[]
}

const text = suite('names/names.json')
const { single, collision_groups: groups } = JSON.parse(text ?? '{"single":[],"collision_groups":[]}') as NamesSuite
const LONG = ['👩‍👩‍👧‍👦'.repeat(60), 'x'.repeat(300), 'é'.repeat(400), '中'.repeat(200), '. '.repeat(50_000)]
const NAMES = [...single.map(({ name }) => name), ...LONG]
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\s*(?:\.|$)/i
const UNSEEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/u

/** As an attribute of HTML holds it; what HTML cannot hold stays out. */
function attribute(name: string): string {
  return Array.from(name, (letter) => `&#${letter.codePointAt(0) ?? 0};`).join('')
}

/** What stands wrong with one component of a path, said without the code under test. */
function faultsOf(component: string): readonly string[] {
  const wrong: string[] = []
  if (/[/\\:*?"<>|]/.test(component)) wrong.push('a separator or reserved character')
  if (Buffer.byteLength(component) > 255 || component.length > 255) wrong.push('too long')
  if (UNSEEN.test(component)) wrong.push('an unseen character')
  if (DEVICE.test(component)) wrong.push('a device of Windows')
  if (/[. ]$/.test(component) || /^[. ]/.test(component)) wrong.push('a dot or blank at an end')
  if (!component.isWellFormed() || component !== component.normalize('NFC')) wrong.push('not in NFC')
  return wrong.map((what) => `${JSON.stringify(component)}: ${what}`)
}

/** As file systems compare names that ignore case and Unicode form. */
function folded(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC')
}

function expectSafe(library: Library, count: number): void {
  const { names } = library
  expect(names).toHaveLength(count)
  expect([...new Set(names.flatMap((path) => path.split('/')))].flatMap(faultsOf)).toEqual([])
  expect(new Set(names.map(folded)).size).toBe(count)
  expect(readdirSync(join(library.root, '..'))).toEqual(['library'])
}

function page(images: readonly string[], author = ''): { headers: Record<string, string>; body: string } {
  const html = `<!doctype html><meta name=author content="${attribute(author)}">${images.join('\n')}`
  return { headers: { 'content-type': 'text/html; charset=utf-8' }, body: html }
}

/** A site whose pictures lie below /i. */
async function gallery(): Promise<Scene> {
  const scene = await Scene.open()
  scene.site.on('/i/*', ({ path }) => {
    const answer = picture(path)
    scene.hold(path, answer.body)
    return answer
  })
  return scene
}

const WHY = text === undefined ? ' (skipped without ../shared/suites)' : ''

describe.skipIf(text === undefined)(`hostile names${WHY}`, () => {
  test('row 28: as titles: every item has a safe name of its own, and the next library has the same', async () => {
    const own = await gallery()
    own.site.on('/gallery', page(NAMES.map((name, at) => `<img src="/i/${at}.jpg" alt="${attribute(name)}">`)))
    const args = [`page:${own.site.url('/gallery')}`, '--folder', 'gallery', '--name', '{title}']
    const ran = await Round.run(own, args, { states: { stored: NAMES.length } })
    expect([ran.problems, ran.status]).toEqual([[], 0])
    expectSafe(own.library, NAMES.length)
    const second = new Library()
    await run([...args, '--to', second.root, '-j', '3'])
    expect(second.files()).toEqual(own.library.files())
    second.remove()
  })

  test('row 28: as artists: every folder is one safe component inside the library', async () => {
    const own = await gallery()
    const targets = NAMES.map((name, at) => {
      own.site.on(`/by/${at}`, page([`<img src="/i/${at}.jpg">`], name))
      return `page:${own.site.url(`/by/${at}`)}`
    })
    const args = [...targets, '--folder', '{author}', '--name', '{filename}']
    const ran = await Round.run(own, args, { states: { stored: NAMES.length } })
    expect([ran.problems, ran.status]).toEqual([[], 0])
    expectSafe(own.library, NAMES.length)
    expect(Math.max(...own.library.names.map((path) => path.split('/').length))).toBeLessThanOrEqual(2)
  })

  test('row 28: as names in headers (Content-Disposition): the answer names no other place', async () => {
    const own = await Scene.open()
    const sendable = NAMES.filter((name) => name.isWellFormed() && name.length < 5000)
    const targets = sendable.map((name, at) => {
      const disposition = `attachment; filename="x"; filename*=UTF-8''${encodeURIComponent(name)}`
      const { headers, body } = picture(`/d/${at}`)
      own.site.on(`/d/${at}`, { headers: { ...headers, 'content-disposition': disposition }, body })
      own.hold(`/d/${at}`, body)
      return `page:${own.site.url(`/d/${at}`)}`
    })
    const ran = await Round.run(own, targets, { states: { stored: sendable.length } })
    expect([ran.problems, ran.status]).toEqual([[], 0])
    expectSafe(own.library, sendable.length)
  })

  test('row 27: names that differ in case, Unicode form or after cleaning and cutting: all items are kept apart', async () => {
    const own = await gallery()
    const long = 'a'.repeat(300)
    const all = [...groups.flatMap(({ names }) => names), `${long}1`, `${long}2`]
    own.site.on('/gallery', page(all.map((name, at) => `<img src="/i/${at}.jpg" alt="${attribute(name)}">`)))
    const args = [`page:${own.site.url('/gallery')}`, '--folder', 'gallery', '--name', '{title}']
    const ran = await Round.run(own, args, { states: { stored: all.length } })
    expect([ran.problems, ran.status]).toEqual([[], 0])
    expectSafe(own.library, all.length)
    const before = own.library.files()
    const again = await Round.run(own, args, { states: { stored: all.length } })
    expect([again.problems, again.end.known, own.library.files()]).toEqual([[], all.length, before])
  })
})
