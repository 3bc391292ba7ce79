import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Library } from '../engine/library.ts'
import { jpeg, sha256 } from '../engine/pictures.ts'
import { Site } from '../engine/site.ts'
import { run, start } from './program.ts'

/** 600 numbered files, a third of whose names differ in case only, and a gallery of 16 albums with 25 pictures each. */
const NUMBERED = 600
const ALBUMS = 16
const PICTURES = 25
const FILES = NUMBERED + ALBUMS * PICTURES
const KILLS = 20
/** Files asked for before a kill, at most: twenty kills are to find the run unfinished. */
const MOST_ASKED = 44

let site: Site
let library: Library
/** What an undisturbed run leaves: names and hashes. */
let expected: Readonly<Record<string, string>>
/** The path of the file that has these bytes. */
const byHash = new Map<string, string>()

beforeAll(async () => {
  site = await Site.open()
  site.latency = 5
  site.on('/files/*', ({ path }) => answer(path))
  site.on('/album/*', ({ path }) => page(album(Number(path.split('/').pop()))))
  site.on('/gallery', page(Array.from({ length: ALBUMS }, (_, at) => `<a href="/album/${at}">album</a>`).join('\n')))
  expected = await undisturbed()
})

afterAll(() => site.close())

beforeEach(() => {
  library = new Library()
})

afterEach(() => library.remove())

/** A picture of its own for every path, 5 to 20 KB. */
function answer(path: string): { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer } {
  const size = 5000 + (Number.parseInt(sha256(Buffer.from(path)).slice(0, 4), 16) % 15_000)
  const body = jpeg(path, size)
  const hash = sha256(body)
  byHash.set(hash, path)
  return { headers: { 'content-type': 'image/jpeg', etag: `"${hash.slice(0, 16)}"` }, body }
}

function page(body: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  return { headers: { 'content-type': 'text/html' }, body: `<!doctype html><title>Sea</title><body>${body}` }
}

/** Every album calls its pictures 1.jpg, 2.jpg …: names collide. */
function album(number: number): string {
  const images = Array.from({ length: PICTURES }, (_, at) => `<img src="/files/album${number}/${at}.jpg">`)
  return images.join('\n')
}

function targets(): readonly string[] {
  return [site.url(`/files/{a,A,b}/[1-${NUMBERED / 3}].jpg`), `page:${site.url('/gallery')}`]
}

function options(to: string): readonly string[] {
  return ['--to', to, '--option', 'page.depth=1', '--jobs', '12', '-q']
}

/** Numbers from 0 to below 1, the same in every run (a linear congruential generator, Numerical Recipes). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Starts the program and kills it: after a random number of files asked for and some milliseconds more, or at a random
 * moment after its start, whatever it is doing then.
 */
async function killed(args: readonly string[], random: () => number): Promise<void> {
  const { child, finished } = start(args)
  const kill = (): boolean => child.kill('SIGKILL')
  const byTime = random() < 0.25
  let left = 1 + Math.floor(random() * MOST_ASKED)
  const more = random() * 20
  if (byTime) setTimeout(kill, random() * 700)
  site.onAsked = (path) => {
    if (path.startsWith('/files/')) left -= 1
    if (left === 0) setTimeout(kill, more)
  }
  const { signal, stderr } = await finished
  site.onAsked = () => undefined
  expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' })
}

/** The paths whose bytes stand under final names; fails when one of the files is not whole. */
function onDisk(): ReadonlySet<string> {
  return new Set(
    Object.entries(library.files()).map(([name, hash]) => {
      const path = byHash.get(hash)
      expect(path, `${name} is not whole`).toBeDefined()
      return path ?? ''
    }),
  )
}

async function undisturbed(): Promise<Readonly<Record<string, string>>> {
  const other = new Library()
  try {
    const { status, stderr } = await run([...targets(), ...options(other.root)])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const files = other.files()
    expect(Object.keys(files)).toHaveLength(FILES)
    return files
  } finally {
    other.remove()
  }
}

describe(`a run of ${FILES} files that is killed again and again`, () => {
  test.each([
    { with: 'the same command', again: (): readonly string[] => targets(), kills: KILLS, seed: 1 },
    { with: 'resume', again: (): readonly string[] => ['resume'], kills: KILLS / 2, seed: 2 },
  ])(
    'ends, after $kills kills, as an undisturbed one when it goes on with $with',
    async ({ again, kills, seed }) => {
      const random = generator(seed)
      const first = [...targets(), ...options(library.root)]
      // The first kill must find a catalog to resume from.
      while (library.names.length === 0) await killed(first, random)
      const anew = [...again(), '--to', library.root, ...(again()[0] === 'resume' ? ['-q'] : options(library.root))]
      for (let kill = 1; kill < kills; kill += 1) {
        const stored = onDisk()
        const from = site.log.length
        await killed(anew, random)
        const twice = site.log.slice(from).filter(({ path }) => stored.has(path))
        expect(twice, 'asked for although its file stood there').toEqual([])
      }
      const stored = onDisk()
      expect(stored.size).toBeLessThan(FILES)
      const from = site.log.length
      expect(await run(anew)).toEqual({ status: 0, signal: null, stdout: '', stderr: '' })
      expect(site.log.slice(from).filter(({ path }) => stored.has(path))).toEqual([])
      expect(library.files()).toEqual(expected)
      expect(library.leftovers()).toEqual([])
      expect(library.sound).toBe(true)
      expect(library.states()).toEqual({ stored: FILES })
      expect(library.refs()).toEqual({ explored: ALBUMS + 2 })
    },
    120_000,
  )
})
