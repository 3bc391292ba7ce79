/**
 * The net below all suites that start the program: whatever it says is searched for a secret that stands in its
 * environment, and for URLs that still carry user information or the value of a secret parameter.
 */
import { hasSecrets } from '../../src/core/redact.ts'

/** What the shells of many users hold. The program has no business with any of these. */
export const BYSTANDERS = {
  AWS_SECRET_ACCESS_KEY: 'sieve-aws-Zq81',
  GITHUB_TOKEN: 'sieve-github-Zq82',
  NPM_TOKEN: 'sieve-npm-Zq83',
  PGPASSWORD: 'sieve-postgres-Zq84',
} as const

const URLS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>\\`,)]+/gi

/** Output that carries whole URLs because it was asked for. */
function isExempt(args: readonly string[]): boolean {
  const at = args.indexOf('--print')
  return args.includes('--dry-run') || args.includes('--print=url') || (at >= 0 && args[at + 1] === 'url')
}

/** Throws where the program told what it must not tell. */
export function sieve(args: readonly string[], ...said: readonly string[]): void {
  const text = said.join('\n')
  for (const [name, value] of Object.entries(BYSTANDERS))
    if (text.includes(value)) throw new Error(`the program tells the value of ${name}`)
  if (isExempt(args)) return
  const urls = (text.match(URLS) ?? []).map((url) => url.replace(/[.:;!?]+$/, ''))
  const told = urls.find((url) => hasSecrets(url))
  if (told !== undefined) throw new Error(`the program tells a URL with a secret: ${told}`)
}
