import assert from 'node:assert/strict'
import { Library } from '../../engine/library.ts'
import { jpeg, sha256 } from '../../engine/pictures.ts'
import { Site } from '../../engine/site.ts'
import type { Reply } from '../../engine/site.ts'
import { run, start } from '../../e2e/program.ts'
import type { Finished } from '../../e2e/program.ts'
import { check } from './checker.ts'
import { FaultProxy } from './proxy.ts'
import type { Toxic } from './proxy.ts'

/** 600 numbered files, a third of whose names differ in case only, and a gallery of 16 albums with 25 pictures each. */
const NUMBERED = 600
const ALBUMS = 16
const PICTURES = 25
export const FILES = NUMBERED + ALBUMS * PICTURES

const HOST = 'site.test'
const JOBS = 12
/** The share of the files that should stand there when the last kill comes; the rest keeps a run from ending first. */
const DONE_AT_LAST_KILL = 0.8
const LEAST_BYTES = 5_000
const MOST_BYTES = 20_000
/** Milliseconds after which a process is killed that has not asked for as many files as it was to. */
const LONGEST_LIFE_MS = 15_000

const TOLD_FAILURE = /^failed +http/

/** What an undisturbed run leaves: every file, and what the catalog says of every item and page. */
interface Outcome {
  readonly files: Readonly<Record<string, string>>
  readonly rows: readonly unknown[]
}

export interface Killed {
  readonly kills: number
  /** Files that stood there after the last kill. */
  readonly stored: number
  /** Requests for pictures in all runs together. */
  readonly asked: number
}

/** Numbers from 0 to below 1, the same for the same seed (a linear congruential generator, Numerical Recipes). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * A run of a thousand files that is killed again and again, and goes on with the same command or with `resume`, through
 * a network that does everything wrong now and then; and what is asserted of it. Its rules are those of the table: no
 * file that is not whole, no file asked for that stands there, and in the end what an undisturbed run leaves.
 */
export class Gauntlet {
  readonly site: Site
  readonly #proxy: FaultProxy
  readonly #random: () => number
  /** The share of requests that each fault befalls. */
  #share = 0
  /** Path → hash, as the checker takes it, and the other way round. */
  readonly #held = new Map<string, string>()
  readonly #byHash = new Map<string, string>()
  #expected: Outcome | undefined
  /** Milliseconds from the start of the program to its first request. */
  #startMs = 1000

  private constructor(site: Site, proxy: FaultProxy, random: () => number) {
    this.site = site
    this.#proxy = proxy
    this.#random = random
  }

  static async open(seed: number): Promise<Gauntlet> {
    const site = await Site.open()
    site.latency = 5
    const [random, fate] = [generator(seed), generator(seed + 1)]
    const proxy = await FaultProxy.open(site.port, () => gauntlet.#toxic(fate))
    const gauntlet = new Gauntlet(site, proxy, random)
    site.on('/files/*', ({ path }) => gauntlet.#trouble(fate) ?? gauntlet.#picture(path))
    site.on('/album/*', ({ path }) => page(album(Number(path.split('/').pop()))))
    site.on('/gallery', page(Array.from({ length: ALBUMS }, (_, at) => `<a href="/album/${at}">album</a>`).join('\n')))
    await gauntlet.#undisturbed()
    return gauntlet
  }

  async close(): Promise<void> {
    await this.#proxy.close()
    await this.site.close()
  }

  /**
   * Kills the program at `kills` random moments, then lets it end through a sound network. `again` is what it goes on
   * with; `share` the part of requests that each of the network's faults befalls; `each` is told of every kill.
   */
  async endure(
    library: Library,
    plan: { readonly kills: number; readonly share: number; readonly again: 'get' | 'resume' },
    each: (killed: Killed) => Promise<void> | void = () => undefined,
  ): Promise<Killed> {
    const from = this.site.paths('/files/').length
    const progress = (kills: number): Killed => ({
      kills,
      stored: this.#whole(library).size,
      asked: this.site.paths('/files/').length - from,
    })
    this.#share = plan.share
    for (let kills = 0; kills < plan.kills; kills += 1) {
      const stored = this.#whole(library)
      // The first kills must leave a catalog to resume from.
      const args = plan.again === 'get' || stored.size === 0 ? this.#get(library) : this.#resume(library)
      // The kills are spread over the run: what is behind may come now, and what is on its way will be lost.
      const behind = (DONE_AT_LAST_KILL * FILES * (kills + 1)) / plan.kills - stored.size
      const most = behind > 0 ? 2 * behind + 3 * JOBS : JOBS
      await this.#killed(args, stored, Math.min(most, 0.7 * (FILES - stored.size)))
      await each(progress(kills + 1))
    }
    this.#share = 0
    const ended = progress(plan.kills)
    assert.ok(ended.stored < FILES, 'the kills find the run unfinished')
    await this.#ended(plan.again === 'get' ? this.#get(library) : this.#resume(library), library)
    return ended
  }

  /** What the independent checker finds wrong in the middle of it. */
  look(library: Library): Promise<readonly string[]> {
    return check(library.root, { held: this.#held, unfinished: true })
  }

  /** The run that may end has to leave what an undisturbed one leaves. */
  async #ended(args: readonly string[], library: Library): Promise<void> {
    const stored = this.#whole(library)
    const from = this.site.log.length
    const { status, stderr } = await run(args)
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
    this.#notAskedAgain(stored, from)
    assert.deepEqual(outcomeOf(library), this.#expected)
    assert.deepEqual(await check(library.root, { held: this.#held, states: { stored: FILES } }), [])
  }

  /**
   * Starts the program and kills it: after a random number of files asked for and some milliseconds more, or at a random
   * moment after its start, whatever it is doing then.
   */
  async #killed(args: readonly string[], stored: ReadonlySet<string>, most: number): Promise<void> {
    const from = this.site.log.length
    const { child, finished } = start(args)
    const kill = (): boolean => child.kill('SIGKILL')
    const byTime = this.#random() < 0.25
    let left = 1 + Math.floor(this.#random() * most)
    // However late that is by the clock: whoever asks for the last file is killed before it comes.
    let unasked = FILES - stored.size
    const more = this.#random() * 50
    const timer = setTimeout(kill, byTime ? this.#random() * 1.5 * this.#startMs : LONGEST_LIFE_MS)
    this.site.onAsked = (path) => {
      if (!path.startsWith('/files/')) return
      left -= 1
      unasked -= 1
      if (unasked === 0) kill()
      else if (left === 0) setTimeout(kill, more)
    }
    const { signal, stderr } = await finished
    this.site.onAsked = () => undefined
    clearTimeout(timer)
    // A bad network may cost items their tries, until the same command is given again; nothing else goes wrong.
    const complaints = stderr.split('\n').filter((line) => line !== '' && !(this.#share > 0 && TOLD_FAILURE.test(line)))
    assert.deepEqual({ signal, complaints }, { signal: 'SIGKILL', complaints: [] })
    this.#notAskedAgain(stored, from)
  }

  #notAskedAgain(stored: ReadonlySet<string>, from: number): void {
    const twice = this.site.log.slice(from).filter(({ path }) => stored.has(path))
    assert.deepEqual(twice, [], 'asked for although its file stood there')
  }

  /** The paths whose bytes stand under final names; fails when one of the files is not whole. */
  #whole(library: Library): ReadonlySet<string> {
    return new Set(
      Object.entries(library.files()).map(([name, hash]) => {
        const path = this.#byHash.get(hash)
        assert.ok(path !== undefined, `${name} is not whole`)
        return path
      }),
    )
  }

  async #undisturbed(): Promise<void> {
    const library = new Library()
    try {
      const began = performance.now()
      this.site.onAsked = () => {
        this.#startMs = performance.now() - began
        this.site.onAsked = () => undefined
      }
      const ended: Finished = await run(this.#get(library))
      assert.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: '' })
      this.#expected = outcomeOf(library)
      assert.equal(Object.keys(this.#expected.files).length, FILES)
      assert.deepEqual(await check(library.root, { held: this.#held, states: { stored: FILES } }), [])
    } finally {
      library.remove()
    }
  }

  #get(library: Library): readonly string[] {
    const targets = [`http://${HOST}/files/{a,A,b}/[1-${NUMBERED / 3}].jpg`, `page:http://${HOST}/gallery`]
    return [
      ...targets,
      '--option',
      'page.depth=1',
      '--jobs',
      String(JOBS),
      '--timeout',
      '2',
      ...this.#resume(library).slice(1),
    ]
  }

  #resume(library: Library): readonly string[] {
    return ['resume', '--to', library.root, '--connect-to', `${HOST}:80:127.0.0.1:${this.#proxy.port}`, '-q']
  }

  /** A picture of its own for every path, with a strong validator. */
  #picture(path: string): Reply {
    const size = LEAST_BYTES + (Number.parseInt(sha256(Buffer.from(path)).slice(0, 4), 16) % (MOST_BYTES - LEAST_BYTES))
    const body = jpeg(path, size)
    const hash = sha256(body)
    this.#byHash.set(hash, path)
    this.#held.set(path, hash)
    return { headers: { 'content-type': 'image/jpeg', etag: `"${hash.slice(0, 16)}"`, ...this.#connection() }, body }
  }

  /** While the network is bad every request has a connection, and so a fate, of its own. */
  #connection(): Readonly<Record<string, string>> {
    return this.#share > 0 ? { connection: 'close' } : {}
  }

  /** What the server itself does wrong, each for so many of a hundred requests. */
  #trouble(fate: () => number): Reply | undefined {
    const replies: readonly Reply[] = [
      { status: 503, headers: { 'retry-after': '0', ...this.#connection() } },
      { status: 429, headers: { 'retry-after': '0', ...this.#connection() } },
      { status: 200, headers: { 'content-type': 'image/jpeg', ...this.#connection() } },
    ]
    return chosen(replies, fate(), this.#share)
  }

  /** What happens to a connection on its way. */
  #toxic(fate: () => number): Toxic | undefined {
    const bytes = 1 + Math.floor(fate() * MOST_BYTES)
    const toxics: readonly Toxic[] = [
      { kind: 'latency', milliseconds: bytes / 50 },
      { kind: 'reset', bytes },
      { kind: 'cut', bytes },
      { kind: 'slow', bytesPerSecond: 50_000 },
      { kind: 'slicer', bytes: 100 },
      { kind: 'silence', bytes },
    ]
    return chosen(toxics, fate(), this.#share)
  }
}

/** Each of the choices with a probability of `share`; else none. */
function chosen<Choice>(choices: readonly Choice[], number: number, share: number): Choice | undefined {
  return share === 0 ? undefined : choices[Math.floor(number / share)]
}

function page(body: string): Reply {
  return { headers: { 'content-type': 'text/html' }, body: `<!doctype html><title>Sea</title><body>${body}` }
}

/** Every album calls its pictures 0.jpg, 1.jpg …: names collide. */
function album(number: number): string {
  const images = Array.from({ length: PICTURES }, (_, at) => `<img src="/files/album${number}/${at}.jpg">`)
  return images.join('\n')
}

function outcomeOf(library: Library): Outcome {
  const items = `select key, state, code, folder, stem, path, bytes, hex(sha256) as sha256, mime, kind, width, height, files.url
    from assets left join files on files.asset = assets.id order by key`
  const refs = 'select identity, state, held, page, depth, found, code from refs order by identity'
  return { files: library.files(), rows: [...library.rows(items), ...library.rows(refs)] }
}
