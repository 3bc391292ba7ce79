import { Fault, toFault } from '../core/errors.ts'
import type { AssetState } from '../core/glossary.ts'
import { redactUrl } from '../core/redact.ts'
import type { Asset, Finding, RefSpec, Source } from '../core/source.ts'
import type { AbsentAsset, Known, ListedAsset, ListedRef, Listing, RefRow, SettledState } from '../ports/catalog.ts'
import { readTarget } from '../core/target.ts'
import type { Explored } from './explore.ts'
import type { EngineParts, RunSettings } from './parts.ts'
import { fieldsOf, hostOf } from './plan.ts'
import { resolve, routeOf } from './resolve.ts'

export interface ListingOptions {
  readonly parts: EngineParts
  readonly settings: RunSettings
  /** Assets of the target that were listed before. */
  readonly from: number
  /** The host that the target names, if it names one. */
  readonly namedHost: string | undefined
  /** The listing may end at known ground. */
  readonly mayEnd: boolean
}

export type Remark = Extract<Finding, { kind: 'unavailable' | 'note' | 'missing' }>

/** An asset of a ref that is not explored, because all it would yield is settled. */
export interface Skipped {
  readonly key: string
  readonly state: SettledState
}

export interface PlannedListing {
  readonly listing: Listing
  /** What the catalog knew of the keys that the ref names, where somebody has to know. */
  readonly known: Known
  readonly skipped: readonly Skipped[]
  readonly notes: readonly Remark[]
}

/** Turns what a ref yielded into rows: names for assets, pages for refs, and no ref that would cost a request for nothing. */
export async function listingOf(ref: RefRow, explored: Explored, options: ListingOptions): Promise<PlannedListing> {
  const assets: ListedAsset[] = []
  const refs: ListedRef[] = []
  const notes: Remark[] = []
  const absent: AbsentAsset[] = []
  const skipped: Skipped[] = []
  const known = await knownOf(ref, explored.findings, options)
  const settled = options.settings.overwrite ? new Map<string, SettledState>() : settledOf(known)
  const nameAsset = namer(ref, options)
  for (const finding of explored.findings) {
    switch (finding.kind) {
      case 'asset':
        if (!skipsPage(ref, options.settings)) assets.push(nameAsset(finding.asset, options.from + assets.length + 1))
        break
      case 'ref':
        if (finding.as === 'child' && skipsPage(ref, options.settings) && isItem(finding.ref, options)) break
        if (finding.yields?.every((key) => settled.has(key)) === true && finding.yields.length > 0)
          skipped.push(...skippedOf(finding.yields, settled))
        else refs.push(listedRef(ref, finding.ref, finding.as, explored.strategy, options))
        break
      case 'url': {
        const spec = foreign(finding.url, options.parts.sources)
        if (spec instanceof Fault) notes.push(unavailable(finding.url, spec))
        else refs.push(listedRef(ref, spec, 'child', explored.strategy, options))
        break
      }
      case 'missing':
        absent.push(absentOf(finding, ref))
        notes.push(finding)
        break
      case 'note':
      case 'unavailable':
        notes.push(finding)
        break
    }
  }
  const renew = options.settings.overwrite
  const seen = skipped.map(({ key }) => key)
  const listing = { assets, absent, refs, seen, strategy: explored.strategy, ...(renew && { renew }) }
  return { listing, known, skipped, notes }
}

/** The ref that a foreign URL stands for; a `Fault` where no source takes it. */
function foreign(url: string, sources: readonly Source[]): RefSpec | Fault {
  try {
    return resolve(readTarget(url, { globoff: true }), sources).spec
  } catch (thrown) {
    return toFault(thrown)
  }
}

function unavailable(url: string, fault: Fault): Remark {
  return { kind: 'unavailable', code: 'UnknownTarget', what: redactUrl(url), why: fault.message }
}

function absentOf(finding: Extract<Finding, { kind: 'missing' }>, { spec }: RefRow): AbsentAsset {
  const { key, url, status, why: reason } = finding
  return { key, source: spec.source, route: spec.route, url, reason, ...(status !== undefined && { status }) }
}

function skippedOf(keys: readonly string[], settled: ReadonlyMap<string, SettledState>): readonly Skipped[] {
  return keys.flatMap((key) => {
    const state = settled.get(key)
    return state === undefined ? [] : [{ key, state }]
  })
}

/** Keys of refs that may be skipped, and, where the listing may end at known ground, all else that it names. */
async function knownOf(
  { target }: RefRow,
  findings: readonly Finding[],
  { parts, mayEnd }: ListingOptions,
): Promise<Known> {
  const keys = findings.flatMap((finding) => {
    if (finding.kind === 'ref') return finding.yields ?? []
    return finding.kind === 'asset' && mayEnd ? [finding.asset.key] : []
  })
  const refs = mayEnd
    ? findings.flatMap((finding) => (finding.kind === 'ref' && finding.as === 'child' ? [finding.ref] : []))
    : []
  if (keys.length + refs.length === 0) return { keys: new Map(), explored: new Set() }
  return parts.catalog.frontier.known(target, keys, refs)
}

function settledOf({ keys }: Known): ReadonlyMap<string, SettledState> {
  const settled = new Map<string, SettledState>()
  for (const [key, { state }] of keys) if (isSettled(state)) settled.set(key, state)
  return settled
}

function isSettled(state: AssetState): state is SettledState {
  return state === 'stored' || state === 'rejected' || state === 'missing'
}

function namer(
  ref: RefRow,
  { parts, settings, namedHost }: ListingOptions,
): (asset: Asset, position: number) => ListedAsset {
  const { source } = routeOf(ref.spec, parts.sources)
  const { folder, filename } = settings.rules(source.name)
  // A template may have a range in its host: then every host it makes is named.
  const all = namedHost === undefined || isPrivateHost(namedHost)
  return (asset, position) => {
    const fields = fieldsOf(asset, { source: source.name, route: ref.spec.route, position })
    const named = ref.named && (all || hostOf(asset.candidates[0]?.url ?? '') === namedHost)
    const place = { folder: folder.render(fields), stem: filename.render(fields), position }
    return { asset, source: source.name, route: ref.spec.route, ...place, named }
  }
}

/** A host that only makes sense on the user's own network: what it links to there is allowed. */
function isPrivateHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[(?:::1|f[cd]))/i.test(host)
  )
}

/** A post or the like, which stands on its page as an asset would: not a listing with pages of its own. */
function isItem(spec: RefSpec, { parts }: ListingOptions): boolean {
  return routeOf(spec, parts.sources).route.key !== undefined
}

function skipsPage(ref: RefRow, settings: RunSettings): boolean {
  return settings.pages !== undefined && ref.page < settings.pages.from
}

function listedRef(
  parent: RefRow,
  spec: RefSpec,
  as: 'next' | 'child',
  strategy: string,
  { settings }: ListingOptions,
): ListedRef {
  const page = parent.page + (as === 'next' ? 1 : 0)
  return {
    spec,
    as,
    held: settings.pages !== undefined && page > settings.pages.to,
    depth: as === 'next' ? parent.depth : parent.depth + 1,
    named: parent.named && spec.source === parent.spec.source,
    ...(spec.route === parent.spec.route && spec.source === parent.spec.source && { strategy }),
  }
}
