import type { Asset, Finding, RefSpec } from '../core/source.ts'
import type { ListedAsset, ListedRef, Listing, RefRow } from '../ports/catalog.ts'
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
}

type Remark = Extract<Finding, { kind: 'unavailable' | 'note' | 'missing' }>

export interface PlannedListing {
  readonly listing: Listing
  /** Assets of refs that are not explored, because all they would yield is settled. */
  readonly skipped: number
  readonly notes: readonly Remark[]
}

/** Turns what a ref yielded into rows: names for assets, pages for refs, and no ref that would cost a request for nothing. */
export async function listingOf(ref: RefRow, explored: Explored, options: ListingOptions): Promise<PlannedListing> {
  const assets: ListedAsset[] = []
  const refs: ListedRef[] = []
  const notes: Remark[] = []
  const settled = await settledKeys(explored.findings, options)
  const nameAsset = namer(ref, options)
  let skipped = 0
  for (const finding of explored.findings) {
    switch (finding.kind) {
      case 'asset':
        if (!skipsPage(ref, options.settings)) assets.push(nameAsset(finding.asset, options.from + assets.length + 1))
        break
      case 'ref':
        if (finding.yields?.every((key) => settled.has(key)) === true && finding.yields.length > 0)
          skipped += finding.yields.length
        else refs.push(listedRef(ref, finding.ref, finding.as, explored.strategy, options))
        break
      case 'url':
        refs.push(
          listedRef(
            ref,
            resolve(readTarget(finding.url), options.parts.sources).spec,
            'child',
            explored.strategy,
            options,
          ),
        )
        break
      case 'note':
      case 'missing':
      case 'unavailable':
        notes.push(finding)
        break
    }
  }
  const renew = options.settings.overwrite
  return { listing: { assets, refs, strategy: explored.strategy, ...(renew && { renew }) }, skipped, notes }
}

async function settledKeys(
  findings: readonly Finding[],
  { parts, settings }: ListingOptions,
): Promise<ReadonlySet<string>> {
  if (settings.overwrite) return new Set()
  const keys = findings.flatMap((finding) => (finding.kind === 'ref' ? (finding.yields ?? []) : []))
  return keys.length === 0 ? new Set() : parts.catalog.frontier.settled(keys)
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
    return { asset, source: source.name, folder: folder.render(fields), stem: filename.render(fields), position, named }
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
