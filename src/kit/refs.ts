import type { Finding, RefSpec } from '../core/source.ts'

/** The listing goes on there. */
export function nextRef(ref: RefSpec): Finding {
  return { kind: 'ref', as: 'next', ref }
}

/** Something below the page; `yields` are the keys it will give, where the page tells them. */
export function childRef(ref: RefSpec, yields?: readonly string[]): Finding {
  return { kind: 'ref', as: 'child', ref, ...(yields !== undefined && { yields }) }
}
