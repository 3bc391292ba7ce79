import type { Route, Source } from '../../core/source.ts'
import { bing } from './bing.ts'
import { commons } from './commons.ts'
import { duckduckgo } from './duckduckgo.ts'
import { evidence } from './evidence.ts'
import { searchStrategy } from './explore.ts'
import { google } from './google.ts'
import { googleCse } from './google-cse.ts'
import { indexRoute } from './index-route.ts'
import { openverse } from './openverse.ts'
import { optionsSchema } from './options.ts'
import type { Provider } from './provider.ts'
import { matchSearch } from './targets.ts'

/** One route each. */
const PROVIDERS: readonly Provider[] = [google, bing, duckduckgo, openverse, commons, googleCse]

export const source: Source = {
  name: 'search',
  about: 'images by keyword, from several search engines',
  hosts: PROVIDERS.flatMap(({ hosts }) => hosts),
  options: optionsSchema,
  fields: {
    keyword: 'what was searched for',
    provider: 'the search engine that named the image',
    licenseUrl: 'openverse, commons: where the licence stands',
    origin: 'commons: where the file comes from',
    collection: 'openverse: the collection it is from',
    mature: 'openverse: whether it is marked as not for everybody',
    sha1: 'commons: of the original file, hex',
  },
  limits: PROVIDERS.flatMap(({ limits }) => limits),
  folder: '{keyword}',
  filename: '{index:04}',
  routes: [...PROVIDERS.map(routeOf), indexRoute],
  evidence,
}

function routeOf(provider: Provider): Route {
  return {
    name: provider.name,
    example: `search:${provider.name}/satin bowerbird`,
    also: provider.also,
    about: provider.about,
    match: (target) => matchSearch(provider, target),
    strategies: [searchStrategy(provider)],
  }
}
