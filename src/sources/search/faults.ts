import { Fault } from '../../core/errors.ts'
import type { Wall, WallPage } from './provider.ts'

export const TAKE_THUMBNAILS = '--option search.thumbnails=true takes them'

/** Open to programs, so that they are what to try when another one is closed. */
const OPEN = ['openverse', 'commons', 'bing']

function another(provider: string): string {
  const [one, other] = OPEN.filter((name) => name !== provider)
  return `try another provider, such as search:${one}/… or search:${other}/…`
}

/** The end of a search without an image; some engines had thumbnails only. */
export function nothingFound(provider: string, keyword: string, hasThumbnails: boolean): Fault {
  return hasThumbnails
    ? new Fault('NothingFound', `${provider} gives only thumbnails for "${keyword}"`, {
        advice: `${TAKE_THUMBNAILS}, or ${another(provider)}`,
      })
    : new Fault('NothingFound', `${provider} finds no image for "${keyword}"`, {
        advice: `try other words, or ${another(provider)}`,
      })
}

/** `advice` goes on with another provider. */
const WALLS: Readonly<Record<Wall, { readonly says: string; readonly advice: string }>> = {
  consent: {
    says: 'asks for consent before it shows results',
    advice: 'answer it in your browser and give its cookies (--cookies-from-browser NAME), or ',
  },
  captcha: {
    says: 'wants proof of a person (captcha) before it shows results',
    advice: 'wait an hour or more without searching, or ',
  },
  'script-shell': {
    says: 'sends an empty page (script shell) that only scripts in a browser fill',
    advice: '',
  },
  'unknown-layout': {
    says: 'sends a page that this version cannot read (unknown layout)',
    advice: 'look for a newer version of bowerbird, or report this; until then ',
  },
}

/** The fault that a wall stands for. A wall is named, never climbed. */
export function wallFault({ kind, where, why }: WallPage, url: string, provider: string): Fault {
  const { says, advice } = WALLS[kind]
  return new Fault(
    kind === 'unknown-layout' ? 'SiteChanged' : 'Blocked',
    `${provider} ${says}${why === undefined ? '' : `: ${why}`}`,
    { url, advice: advice + another(provider), ...(where !== undefined && { where }) },
  )
}
