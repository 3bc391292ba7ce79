import type { Route, Source } from '../../core/source.ts'
import { bing } from './bing.ts'
import { searchStrategy } from './explore.ts'
import { optionsSchema } from './options.ts'
import type { Provider } from './provider.ts'
import { matchSearch } from './targets.ts'

/** One route each. */
const PROVIDERS: readonly Provider[] = [bing]

export const source: Source = {
  name: 'search',
  about: 'images by keyword, from several search engines',
  hosts: PROVIDERS.flatMap(({ hosts }) => hosts),
  options: optionsSchema,
  limits: PROVIDERS.flatMap(({ limits }) => limits),
  folder: '{keyword}',
  filename: '{index:04}',
  routes: PROVIDERS.map(routeOf),
}

function routeOf(provider: Provider): Route {
  return {
    name: provider.name,
    example: `search:${provider.name}/satin bowerbird`,
    about: provider.about,
    match: (target) => matchSearch(provider, target),
    strategies: [searchStrategy(provider)],
  }
}
