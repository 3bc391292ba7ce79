import type { Wall } from './model.ts'

/** What an interface says of a work that is not for everybody. */
export interface Restrictions {
  readonly isBlurred: boolean
  readonly isDeleted?: boolean
  readonly isBlocked?: boolean
  /** `mature_loggedout`, `mature_filter` … */
  readonly reasons?: readonly string[]
  /** For those who watch the artist, or pay. */
  readonly isLocked?: boolean
  /** `watchers` or `paid`, where that is told. */
  readonly premium?: string | undefined
  /** No file of it could be read, though it is no text. */
  readonly isBare?: boolean
}

const COOKIES = 'give the cookies of a login: --cookies FILE or --cookies-from-browser NAME'

/** Why a work cannot be had; nothing for what everybody may see. A blurred picture is never taken for the work. */
export function wallOf(restrictions: Restrictions): Wall | undefined {
  const {
    isDeleted = false,
    isBlocked = false,
    reasons = [],
    isLocked = false,
    premium,
    isBlurred,
    isBare = false,
  } = restrictions
  if (isDeleted) return { code: 'Gone', why: 'it was deleted' }
  if (isLocked) return premiumWall(premium)
  if (reasons.some((reason) => reason.startsWith('mature'))) return matureWall(reasons)
  if (isBlocked) return { code: 'Blocked', why: `the site hides it (${reasons.join(', ') || 'without saying why'})` }
  if (isBlurred)
    return {
      code: 'NeedsLogin',
      why: 'it is shown blurred to those who are not logged in (--cookies)',
      advice: COOKIES,
    }
  if (isBare) return { code: 'SiteChanged', why: 'its description names no file that can be asked for' }
  return undefined
}

function premiumWall(premium: string | undefined): Wall {
  const whom = premium === 'watchers' ? 'for watchers of its artist only' : 'premium, for those who pay its artist'
  const how = premium === 'watchers' ? 'watch the artist' : 'subscribe to the artist'
  return { code: 'NeedsLogin', why: `it is ${whom}`, advice: `${how}, and ${COOKIES}` }
}

/** Logged out, or with an account that has mature works turned off. */
function matureWall(reasons: readonly string[]): Wall {
  return reasons.includes('mature_loggedout')
    ? { code: 'NeedsLogin', why: 'it is for adults, and shown to those who are logged in (--cookies)', advice: COOKIES }
    : {
        code: 'NeedsLogin',
        why: 'it is for adults, and the account has mature content turned off',
        advice: 'turn mature content on in the settings of the account',
      }
}
