import { Fault } from '../../core/errors.ts'
import type { Wall, Work } from './model.ts'

/** What the API and the site say of accounts and works that are not there (another program, August 2026); other sentences tell nothing. */
const SENTENCES: readonly (readonly [RegExp, 'Gone' | 'Blocked', string])[] = [
  [/account is inactive|deactivated/i, 'Gone', 'the account was deactivated'],
  [/user not found|no such user/i, 'Gone', 'there is no account of this name: it was renamed, or never was'],
  [/blocked access to this profile/i, 'Blocked', 'the site has blocked access to this profile'],
  [/(?<!endpoint )not found/i, 'Gone', 'there is no such work: it was deleted, or never was'],
]

/** The fault that a sentence of the site stands for. */
export function accountFault(said: string, url: string, status: number): Fault | undefined {
  const known = SENTENCES.find(([sentence]) => sentence.test(said))
  if (known === undefined) return undefined
  const [, code, what] = known
  return new Fault(code, `DeviantArt says "${said}": ${what}`, { url, status })
}

/** Of a page that is not there. */
export function goneFault(url: string, html: string): Fault {
  const what = /deactivated/i.test(html)
    ? 'the account was deactivated'
    : 'it was deleted, or its artist renamed, or it never was'
  return new Fault('Gone', `DeviantArt has nothing at this address: ${what}`, { url, status: 404 })
}

/** Why a work that was asked for cannot be had. */
export function wallFault({ page }: Work, { code, why, advice }: Wall): Fault {
  return new Fault(code, `DeviantArt does not show this work: ${why}`, {
    url: page,
    ...(advice !== undefined && { advice }),
  })
}
