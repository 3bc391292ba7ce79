import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = process.env['BOWERBIRD_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))

/** A table of the shared suites, or `undefined` where they are not beside the checkout. */
export function suite(path: string): string | undefined {
  const file = `${root}/suites/${path}`
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
