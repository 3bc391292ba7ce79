import type { Asset, Finding, RefSpec, Source } from '../core/source.ts'
import { readTarget } from '../core/target.ts'
import type { RefRow } from '../ports/catalog.ts'
import { isNewestFirst } from './known-ground.ts'
import { resolve, routeOf } from './resolve.ts'
import type { Resolution } from './resolve.ts'

export interface CutListing {
  readonly findings: readonly Finding[]
  /** The stop point was reached: what is older counts as seen, and the listing ends. */
  readonly stopped: boolean
}

/**
 * The newest item that was collected before bowerbird knew a target: a newest-first listing ends there. It is
 * recognised by its key, where the source tells one from the URL, by the ref that the URL stands for, and by the URL of
 * its page or file. Should it stand pinned above newer ones, those that say so by their date are taken all the same.
 */
export class StopPoint {
  readonly #url: string
  readonly #sources: readonly Source[]
  readonly #ref: string | undefined
  readonly #key: string | undefined
  /** Of the stop item, once it was met: Unix milliseconds. */
  #date: number | undefined
  #met = false

  constructor(url: string, sources: readonly Source[]) {
    this.#url = pageName(url)
    this.#sources = sources
    const resolved = resolutionOf(url, sources)
    this.#ref = resolved && refName(resolved.spec)
    this.#key = resolved?.route.key?.(resolved.spec.params)
  }

  /** What of a page is newer than the stop point. */
  cut(ref: RefRow, findings: readonly Finding[]): CutListing {
    if (!isNewestFirst(ref, this.#sources)) return { findings, stopped: false }
    const at = findings.findIndex((finding) => this.#isStop(finding))
    const stop = findings[at]
    if (stop !== undefined) {
      this.#met = true
      this.#date = dateOf(stop)
    }
    if (!this.#met) return { findings, stopped: false }
    const isOlder = (finding: Finding, place: number): boolean =>
      place >= at && isItem(finding) && !this.#isNewer(finding)
    const last = findings.findLastIndex(isItem)
    const lastItem = findings[last]
    const stopped = lastItem === undefined || isOlder(lastItem, last)
    const kept = findings.filter((finding, place) => !isOlder(finding, place) && !(stopped && isNext(finding)))
    return { findings: kept, stopped }
  }

  #isNewer(finding: Finding): boolean {
    const date = dateOf(finding)
    return this.#date !== undefined && date !== undefined && date > this.#date
  }

  #isStop(finding: Finding): boolean {
    if (finding.kind === 'asset') return this.#isKey(finding.asset.key) || this.#isAt(finding.asset)
    if (finding.kind !== 'ref' || finding.as === 'next') return false
    const { ref, yields = [] } = finding
    const key = routeOf(ref, this.#sources).route.key?.(ref.params)
    return (
      refName(ref) === this.#ref || (key === undefined ? yields : [key, ...yields]).some((each) => this.#isKey(each))
    )
  }

  #isKey(key: string): boolean {
    return this.#key !== undefined && (key === this.#key || key.startsWith(`${this.#key}/`))
  }

  #isAt({ meta, candidates }: Asset): boolean {
    const urls = [...(meta.page === undefined ? [] : [meta.page]), ...candidates.map(({ url }) => url)]
    return urls.some((url) => pageName(url) === this.#url)
  }
}

function isItem(finding: Finding): boolean {
  return finding.kind === 'asset' || (finding.kind === 'ref' && finding.as === 'child')
}

function isNext(finding: Finding): boolean {
  return finding.kind === 'ref' && finding.as === 'next'
}

function dateOf(finding: Finding): number | undefined {
  const date = finding.kind === 'asset' ? Date.parse(finding.asset.meta.date ?? '') : Number.NaN
  return Number.isNaN(date) ? undefined : date
}

/** What no source takes is compared as a URL alone. */
function resolutionOf(url: string, sources: readonly Source[]): Resolution | undefined {
  try {
    return resolve(readTarget(url, { globoff: true }), sources)
  } catch {
    return undefined
  }
}

function refName({ source, route, params }: RefSpec): string {
  return JSON.stringify([source, route, params])
}

/** Sites write one address with and without `www.`, in any case, and with whatever behind it. */
function pageName(url: string): string {
  const { hostname, pathname } = URL.parse(url) ?? { hostname: '', pathname: url }
  return `${hostname.replace(/^www\./, '')}${pathname.replace(/\/+$/, '')}`.toLowerCase()
}
