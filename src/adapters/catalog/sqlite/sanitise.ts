import { hash } from 'node:crypto'
import type { Json } from '../../../core/glossary.ts'
import type { Asset, Candidate, RefSpec } from '../../../core/source.ts'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { SecretFlag } from './schema.ts'

/** A candidate as the catalog keeps it. `secret`: something was taken out, so it is of no use as it stands here. */
export type PlainCandidate = Candidate & { readonly secret?: true }

/** What the private store keeps of an asset: what its row in the catalog lacks. */
export interface WholeAsset {
  readonly candidates: readonly Candidate[]
  readonly refresh?: RefSpec
  readonly rules?: Asset['rules']
}

/** The JSON columns of an asset's row, and the whole where secrets had to be taken out. */
export interface PlainAsset {
  readonly candidates: string
  readonly meta: string
  readonly refresh: string | null
  readonly rules: string | null
  readonly secret: SecretFlag
  readonly whole?: WholeAsset
}

/** An asset as its row shows it. The whole is given apart only where secrets were found. */
export function plainAsset(asset: Asset): PlainAsset {
  const candidates = asset.candidates.map(plainCandidate)
  const refresh = withoutSecrets(asset.refresh)
  const rules = withoutSecrets(asset.rules)
  const kept = refresh === asset.refresh && rules === asset.rules
  const row = {
    candidates: JSON.stringify(candidates),
    meta: plainMeta(asset.meta),
    refresh: refresh === undefined ? null : JSON.stringify(refresh),
    rules: rules === undefined ? null : JSON.stringify(rules),
  }
  if (kept && candidates.every((candidate) => candidate.secret === undefined)) return { ...row, secret: 0 }
  const whole: WholeAsset = {
    candidates: asset.candidates,
    ...(asset.refresh === undefined ? {} : { refresh: asset.refresh }),
    ...(asset.rules === undefined ? {} : { rules: asset.rules }),
  }
  return { ...row, secret: kept && refresh !== undefined ? 2 : 1, whole }
}

function plainCandidate(candidate: Candidate): PlainCandidate {
  const plain = withoutSecrets(candidate)
  return plain === candidate ? candidate : { ...plain, secret: true }
}

/** The text is looked at first: walking through every description would cost more than writing it. */
function plainMeta(meta: Asset['meta']): string {
  const text = JSON.stringify(meta)
  return text.includes('://') && /[=@]/.test(text) ? JSON.stringify(withoutSecrets(meta)) : text
}

/** The same JSON text for equal values, whatever the order of their properties. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: Json) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** 128 bits of the hash of a value, secrets included: tells `?key=1` from `?key=2` where both look alike. */
export function identity(value: unknown): string {
  return hash('sha256', canonical(value)).slice(0, 32)
}

export function refIdentity(spec: RefSpec): string {
  return identity([spec.source, spec.route, spec.params, spec.cursor ?? null])
}
