import { z } from 'zod'
import type { Source } from '../../core/source.ts'
import { apiDeviation } from './api.ts'
import { embedDeviation } from './backend.ts'
import { evidence } from './evidence.ts'
import * as routes from './routes.ts'
import { webStash } from './stash.ts'
import * as targets from './targets.ts'
import { puppyDeviation, webDeviation } from './web.ts'

/** A browser's, which the site's own lists and pages ask for, with the name of this program behind it. */
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 bowerbird'

export const source: Source = {
  name: 'deviantart',
  about: 'galleries, folders, favourites, journals, works, searches and rankings of deviantart.com',
  hosts: ['deviantart.com', '*.deviantart.com', 'fav.me', 'sta.sh', 'www.sta.sh'],
  options: z.object({
    clientId: z
      .string()
      .default('')
      .describe(
        'the client id of an application of yours at deviantart.com/developers; with it the official API is used',
      ),
    clientSecret: z.string().default('').describe('the secret of that application'),
    originals: z
      .boolean()
      .default(true)
      .describe(
        "ask for the artist's original where a work has a download button (accounts have a weekly quota of them)",
      ),
    texts: z
      .boolean()
      .default(true)
      .describe('look for pictures inside journals and literature, which costs a request for each'),
  }),
  fields: {
    mature: 'whether the work is marked as for adults',
    ai: 'whether its artist says that a machine made it',
    quality: 'original (the uploaded file), full (the largest rendering) or preview',
  },
  limits: [
    // The API has no documented number and slows down by the account; three a second met no 429 in 2026.
    { scope: 'www.deviantart.com/api', hosts: ['www.deviantart.com'], path: '/api/', slots: 3, perSecond: 3 },
    { scope: 'www.deviantart.com/api', hosts: ['www.deviantart.com'], path: '/oauth2/', slots: 3, perSecond: 3 },
    // Others keep two seconds between requests to the site.
    {
      scope: 'www.deviantart.com',
      hosts: ['www.deviantart.com', 'deviantart.com', 'sta.sh', 'www.sta.sh', 'fav.me'],
      slots: 2,
      perSecond: 0.5,
      userAgent: USER_AGENT,
    },
    { scope: 'backend.deviantart.com', hosts: ['backend.deviantart.com'], slots: 1, perSecond: 1 },
    { scope: 'wixmp.com', hosts: ['*.wixmp.com'], slots: 24 },
  ],
  folder: '{source}/{author}',
  filename: '{id} {title|max:80}',
  evidence,
  routes: [
    {
      name: 'deviation',
      example: 'https://www.deviantart.com/sakimichan/art/Misty-510056679',
      also: [
        'deviantart:510056679',
        'https://www.deviantart.com/art/Misty-510056679',
        'https://www.deviantart.com/deviation/510056679',
        'https://www.deviantart.com/view/510056679',
        'https://www.deviantart.com/view.php?id=510056679',
        'https://www.deviantart.com/team/journal/Trade-Gold-Coins-950415822',
        'https://pachunka.deviantart.com/art/Cope-145564099',
        'https://fav.me/d8foa93',
      ],
      about: 'one work, with all its pictures; of a journal or a piece of literature the pictures in its text',
      match: targets.matchDeviation,
      key: targets.workKey,
      strategies: [apiDeviation, webDeviation, puppyDeviation, embedDeviation],
    },
    {
      name: 'stash',
      example: 'https://sta.sh/022c83odnaxc',
      also: ['https://sta.sh/21jf51j7pzl2', 'https://www.deviantart.com/stash/022c83odnaxc'],
      about: 'an item or a folder of the stash',
      match: targets.matchStash,
      strategies: [webStash],
    },
    {
      name: 'gallery',
      example: 'deviantart:guweiz',
      also: [
        'https://www.deviantart.com/guweiz',
        'https://www.deviantart.com/guweiz/gallery',
        'https://www.deviantart.com/guweiz/gallery/all',
        'https://guweiz.deviantart.com/',
        'https://guweiz.deviantart.com/gallery/',
      ],
      about: 'all works of an artist but the scraps, newest first',
      order: 'newest-first',
      match: targets.matchGallery,
      strategies: routes.gallery,
    },
    {
      name: 'folder',
      example: 'https://www.deviantart.com/guweiz/gallery/48541564/fan-art',
      also: ['deviantart:guweiz/gallery/48541564/fan-art', 'https://guweiz.deviantart.com/gallery/?48541564'],
      about: 'a folder of a gallery, in the order of its artist',
      match: targets.matchFolder,
      strategies: routes.galleryFolder,
    },
    {
      name: 'scraps',
      example: 'deviantart:guweiz/scraps',
      also: [
        'https://www.deviantart.com/guweiz/gallery/scraps',
        'https://guweiz.deviantart.com/gallery/?catpath=scraps',
      ],
      about: "an artist's scraps, newest first",
      order: 'newest-first',
      match: targets.matchScraps,
      strategies: routes.scraps,
    },
    {
      name: 'gallery-search',
      example: 'https://www.deviantart.com/guweiz/gallery?q=sketch',
      about: 'the works of an artist that words are found in, newest first',
      order: 'newest-first',
      match: targets.matchGallerySearch,
      strategies: routes.gallerySearch,
    },
    {
      name: 'favourites',
      example: 'deviantart:guweiz/favourites',
      also: ['https://www.deviantart.com/guweiz/favourites/all', 'https://guweiz.deviantart.com/favourites/'],
      about: 'what somebody has marked as favourite, newest first',
      order: 'newest-first',
      match: targets.matchFavourites,
      strategies: routes.favourites,
    },
    {
      name: 'favourites-folder',
      example: 'https://www.deviantart.com/guweiz/favourites/48541565/cities',
      also: ['https://guweiz.deviantart.com/favourites/?48541565'],
      about: 'a folder of favourites',
      match: targets.matchFavouritesFolder,
      strategies: routes.favouritesFolder,
    },
    {
      name: 'journals',
      example: 'deviantart:guweiz/posts/journals',
      also: ['https://www.deviantart.com/guweiz/posts', 'https://guweiz.deviantart.com/journal/'],
      about: "the pictures in an artist's journals, newest first",
      order: 'newest-first',
      match: targets.matchJournals,
      strategies: routes.journals,
    },
    {
      name: 'tag',
      example: 'deviantart:tag/bowerbird',
      also: ['https://www.deviantart.com/tag/bowerbird'],
      about: 'a tag',
      match: targets.matchTag,
      strategies: routes.tag,
    },
    {
      name: 'search',
      example: 'deviantart:search/red panda',
      also: [
        'https://www.deviantart.com/search?q=red+panda',
        'https://www.deviantart.com/search/deviations?q=red%20panda',
      ],
      about: 'a search, newest first',
      order: 'newest-first',
      match: targets.matchSearch,
      strategies: routes.search,
    },
    {
      name: 'popular',
      example: 'deviantart:popular/1-week',
      also: [
        'https://www.deviantart.com/popular',
        'https://www.deviantart.com/popular-24-hours/',
        'https://www.deviantart.com/search?q=cats&order=popular-1-month',
        'https://www.deviantart.com/popular/deviations?order=popular-all-time',
      ],
      about: 'a ranking of 8 hours, 24 hours, 3 days, 1 week, 1 month or all time, of a search too',
      match: targets.matchPopular,
      strategies: routes.popular,
    },
    {
      name: 'daily',
      example: 'deviantart:daily',
      also: ['https://www.deviantart.com/daily-deviations', 'deviantart:daily/2024-05-01'],
      about: 'the daily deviations, of today or of a day',
      match: targets.matchDaily,
      strategies: routes.daily,
    },
  ],
}
