import { hash } from 'node:crypto'

/** The first 8 hex digits of a key's SHA-256: what sets apart two assets that would have the same name. */
export function keyHash8(key: string): string {
  return hash('sha256', key, 'hex').slice(0, 8)
}
