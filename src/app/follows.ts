import type { Settings } from '../config/settings.ts'
import { Fault, toFault } from '../core/errors.ts'
import { redactUrl } from '../core/redact.ts'
import { didYouMean } from '../core/suggest.ts'
import { readTarget } from '../core/target.ts'
import type { Target } from '../core/source.ts'
import type { TargetInput } from '../engine/parts.ts'
import { resolve } from '../engine/resolve.ts'
import type { Follow, Follows, NewFollow } from '../ports/follows.ts'
import { sources } from '../sources/registry.gen.ts'
import { catalogFile, placeOf } from './place.ts'
import type { Place } from './place.ts'
import { requireLibrary } from './search.ts'

export type { Follow, Follows }

/** A process that collects at the same time is waited for. */
const BUSY_SECONDS = 30

export interface OpenFollows {
  readonly follows: Follows
  readonly close: () => Promise<void>
}

/** Opens the list of what is followed in a library, which is made where there is none. */
export async function openFollows(settings: Settings): Promise<OpenFollows> {
  const { catalog: file, library } = await placeOf(settings, [])
  return open({ file, library })
}

/** The same of a library that is there, only to be asked. */
export async function askFollows(settings: Settings): Promise<OpenFollows> {
  requireLibrary(settings)
  return open({ file: catalogFile(settings) })
}

async function open(place: { readonly file: string; readonly library?: Place['library'] }): Promise<OpenFollows> {
  const { openCatalog } = await import('../adapters/catalog/sqlite/open.ts')
  const catalog = await openCatalog({ ...place, durable: true, busySeconds: BUSY_SECONDS })
  return { follows: catalog.follows, close: () => catalog.close() }
}

/** A target as it is followed. Throws `UnknownTarget` or `Usage` where it is none, or lacks the order that a stop point needs. */
export function readFollow(target: Target, options: { readonly literal: boolean; readonly stop?: string }): NewFollow {
  const { spec, route } = resolve(target, sources)
  const { literal, stop } = options
  if (stop !== undefined) checkStop(stop, target, route.order === 'newest-first')
  return { text: target.text, literal, root: spec, ...(stop !== undefined && { stop }) }
}

function checkStop(stop: string, { text }: Target, isOrdered: boolean): void {
  if (!/^https?:\/\//i.test(stop) || !URL.canParse(stop)) {
    throw new Fault('Usage', `the stop point "${redactUrl(stop)}" of ${redactUrl(text)} is not a URL`, {
      advice: 'give the URL of the page or file of the newest item that you have',
    })
  }
  if (isOrdered) return
  throw new Fault('Usage', `${redactUrl(text)} is not listed newest first, so that it has no stop point`, {
    advice: '`bowerbird sources NAME` tells which routes are',
  })
}

/** What is followed, by what a user may call it: its text, another one for the same, its last part, or its source. */
export function chooseFollows(follows: readonly Follow[], names: readonly string[]): readonly Follow[] {
  if (names.length === 0) return follows
  const chosen = new Set(names.flatMap((name) => named(follows, name)))
  return follows.filter((follow) => chosen.has(follow))
}

function named(follows: readonly Follow[], name: string): readonly Follow[] {
  const wanted = name.trim().toLowerCase()
  const root = rootOf(name, false)
  const found = follows.filter(({ text, literal, source }) => {
    const called = [text, redactUrl(text), shortName(text), source].map((each) => each.toLowerCase())
    return called.includes(wanted) || (root !== undefined && rootOf(text, literal) === root)
  })
  if (found.length > 0) return found
  const known = [...new Set(follows.flatMap(({ text, source }) => [redactUrl(text), shortName(text), source]))]
  throw new Fault('Usage', `nothing that is followed is called "${redactUrl(name)}"`, {
    advice: known.length > 12 ? '`bowerbird follows` lists what is followed' : didYouMean(name, known),
  })
}

/** `guweiz` of `deviantart:guweiz`, `funny` of `imgur:r/funny` and of `https://imgur.com/r/funny`. */
function shortName(text: string): string {
  return /([^:/?#]+)\/?(?:[?#].*)?$/.exec(text)?.[1] ?? text
}

function rootOf(text: string, literal: boolean): string | undefined {
  try {
    return JSON.stringify(resolve(readTarget(text, { globoff: literal }), sources).spec)
  } catch {
    return undefined
  }
}

/** What is followed, as it goes into an update. What this version cannot read comes as a `Fault`, and the rest goes on. */
export async function* followInputs(follows: readonly Follow[]): AsyncGenerator<TargetInput | Fault> {
  for (const { id, text, literal, stop } of follows) {
    try {
      yield { target: readTarget(text, { globoff: literal }), follow: { id, ...(stop !== undefined && { stop }) } }
    } catch (thrown) {
      const fault = toFault(thrown)
      yield new Fault(fault.code, fault.message, { ...fault.evidence, where: redactUrl(text) })
    }
  }
}
