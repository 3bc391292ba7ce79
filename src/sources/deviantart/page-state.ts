import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import { scriptTextAt } from '../../kit/script-text.ts'
import { readShape } from '../../kit/shape.ts'
import type { Work } from './model.ts'
import { readWork } from './work.ts'

/** What a page of the site holds in its scripts. */
export interface PageState {
  readonly url: string
  /** Needed by `_puppy`, and good only with the cookies that came with the page. In pages since September 2020. */
  readonly csrf: string | undefined
  readonly isLoggedIn: boolean
  readonly deviations: Readonly<Record<string, unknown>>
  readonly extended: Readonly<Record<string, unknown>>
  readonly authors: Readonly<Record<string, string>>
  /** The key of the page's own work among the deviations. */
  readonly open: string | undefined
  readonly streams: readonly Stream[]
}

/** A list of works in a page, by their keys. */
export interface Stream {
  /** `folder-deviations-gallery-48541564`: a gallery or folder (seen by another program, 2026; none is recorded). */
  readonly name: string
  readonly items: readonly string[]
  readonly hasMore: boolean
}

const record = z.record(z.string(), z.unknown()).catch({})
const key = z.union([z.number(), z.string()]).transform(String)

const userSchema = z.object({ username: z.string() })

const stateSchema = z.object({
  '@@config': z.object({ csrfToken: z.string().optional() }).optional().catch(undefined),
  '@@publicSession': z.object({ isLoggedIn: z.boolean().catch(false) }).catch({ isLoggedIn: false }),
  '@@entities': z.object({ deviation: record, deviationExtended: record, user: record }).partial().catch({}),
  '@@DUPERBROWSE': z
    .object({ rootStream: z.object({ currentOpenItem: key }) })
    .optional()
    .catch(undefined),
  '@@streams': record.optional(),
})

const streamSchema = z.object({ items: z.array(key), hasMore: z.boolean().nullish().catch(undefined) })

const STATE = /window\.__INITIAL_STATE__\s*=\s*JSON\.parse\(\s*(?=["'])/
const CSRF = /window\.__CSRF_TOKEN__\s*=\s*(["'])([^"']+)\1/

/** What the site's lists want to be asked with. */
export type Pass = Pick<PageState, 'url' | 'csrf' | 'isLoggedIn'>

/** Reads of a page what lists need of it. A page without a state may still carry a token; whose it is, it does not tell. */
export function readPass(html: string, url: string): Pass {
  const csrf = CSRF.exec(html)?.[2]
  return STATE.test(html) || csrf === undefined ? readPageState(html, url) : { url, csrf, isLoggedIn: false }
}

/** Reads a page: its state is JSON inside a JavaScript string. */
export function readPageState(html: string, url: string): PageState {
  const start = STATE.exec(html)
  const text = start === null ? undefined : scriptTextAt(html, start.index + start[0].length)
  if (text === undefined) throw changed('the page of DeviantArt holds no state', url)
  const state = readShape(stateSchema, parse(text, url), { what: 'the state of a page of DeviantArt', url })
  const { deviation = {}, deviationExtended = {}, user = {} } = state['@@entities']
  return {
    url,
    csrf: CSRF.exec(html)?.[2] ?? state['@@config']?.csrfToken,
    isLoggedIn: state['@@publicSession'].isLoggedIn,
    deviations: deviation,
    extended: deviationExtended,
    authors: namesOf(user),
    open: state['@@DUPERBROWSE']?.rootStream.currentOpenItem,
    streams: streamsOf(state['@@streams'] ?? {}),
  }
}

function namesOf(users: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const names = Object.entries(users).flatMap(([id, value]) => {
    const user = userSchema.safeParse(value)
    return user.success ? [[id, user.data.username] as const] : []
  })
  return Object.fromEntries(names)
}

function streamsOf(streams: Readonly<Record<string, unknown>>): readonly Stream[] {
  return Object.entries(streams).flatMap(([name, value]) => {
    const stream = streamSchema.safeParse(value)
    return stream.success ? [{ name, items: stream.data.items, hasMore: stream.data.hasMore === true }] : []
  })
}

/** The work that a page is about: the one of its address (journals had keys of their own), else the one that is open. */
export async function workOfPage(state: PageState, id: string | undefined): Promise<Work> {
  const all = Object.keys(state.deviations)
  const keys = [id, id === undefined ? undefined : `5-${id}`, state.open, all.length === 1 ? all[0] : undefined]
  const found = keys.find((one) => one !== undefined && Object.hasOwn(state.deviations, one))
  if (found === undefined) throw changed('the page of DeviantArt does not hold its own work', state.url)
  return workAt(state, found)
}

/** A work of a page's state by its key. */
export function workAt(state: PageState, at: string): Promise<Work> {
  const { authors } = state
  const extended = state.extended[at]
  return readWork(state.deviations[at], state.url, extended === undefined ? { authors } : { authors, extended })
}

/** The list that a page shows: a folder, before what else stands on the page; the longest one of works that it holds. */
export function listOfPage(state: PageState): Stream {
  const whole = state.streams.filter(({ items }) => items.every((item) => Object.hasOwn(state.deviations, item)))
  const folders = whole.filter(({ name }) => name.startsWith('folder-deviations-'))
  const [longest] = (folders.length > 0 ? folders : whole).toSorted((a, b) => b.items.length - a.items.length)
  if (longest === undefined) throw changed('the page of DeviantArt holds no list of works', state.url)
  return longest
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw changed('the state of the page of DeviantArt is no JSON', url, cause)
  }
}

function changed(message: string, url: string, cause?: unknown): Fault {
  return new Fault('SiteChanged', message, {
    url,
    where: 'window.__INITIAL_STATE__',
    advice: 'look for a newer version of bowerbird, or report this',
    ...(cause !== undefined && { cause }),
  })
}
