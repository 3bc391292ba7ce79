import type { Event } from '../core/events.ts'
import { redactUrl } from '../core/redact.ts'
import type { ClaimedAsset, Settlement } from '../ports/catalog.ts'
import type { Fetched } from './attempt.ts'
import type { Kept } from './keep.ts'

type Settled = Exclude<Fetched, { to: 'arrived' | 'published' }>

/** How an asset came to its end, after verifying, screening and storing. */
export type Ending = Settled | (Kept & { readonly attempts: number })

/** The ending as the catalog takes it, without secrets. */
export function settlementOf(asset: ClaimedAsset, target: number, ending: Ending): Settlement {
  const { id, key } = asset
  switch (ending.to) {
    case 'stored':
      return { id, key, to: 'stored', file: ending.file, attempts: ending.attempts }
    case 'rejected':
      return { id, key, to: 'rejected', reason: ending.reason, attempts: ending.attempts }
    case 'page':
      return { id, key, to: 'page', target, ref: ending.ref }
    case 'listed':
    case 'seen':
      return { id, key, to: 'listed' }
    case 'missing':
    case 'failed': {
      const { fault, url, attempts } = ending
      const { status } = fault.evidence
      return {
        id,
        key,
        to: ending.to,
        code: fault.code,
        reason: fault.story,
        url: redactUrl(url),
        attempts,
        ...(status !== undefined && { status }),
      }
    }
  }
}

/** What is told of it once it is committed; nothing where the asset did not come to an end. */
export function eventOf(settlement: Settlement, listedUrl: string): Event | undefined {
  const { key } = settlement
  switch (settlement.to) {
    case 'stored': {
      const { url, path, bytes, sha256, mime, width, height } = settlement.file
      return {
        event: 'stored',
        key,
        url,
        path,
        bytes,
        sha256,
        type: mime,
        ...(width !== undefined && { width }),
        ...(height !== undefined && { height }),
      }
    }
    case 'rejected':
      return { event: 'rejected', key, url: listedUrl, reason: settlement.reason }
    case 'missing':
    case 'failed': {
      const { url, code, reason, attempts, status } = settlement
      const shared = { key, url, reason, ...(status !== undefined && { status }) }
      return settlement.to === 'missing'
        ? { event: 'missing', ...shared }
        : { event: 'failed', ...shared, code, attempts }
    }
    case 'page':
    case 'listed':
      return undefined
  }
}
