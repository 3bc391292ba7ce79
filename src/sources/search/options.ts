import { z } from 'zod'
import type { ExploreContext } from '../../core/source.ts'

/** Options of the source. A provider that lacks a filter refuses it, so that nobody relies on what is not there. */
export const optionsSchema = z.object({
  safe: z
    .enum(['strict', 'moderate', 'off'])
    .default('moderate')
    .describe('how much of what is not for everybody is left out; commons leaves nothing out'),
  size: z
    .enum(['any', 'small', 'medium', 'large', 'huge'])
    .default('any')
    .describe("images of about this size, as the provider has it; exact is --where 'width >= 2000'"),
  license: z
    .enum(['any', 'public-domain', 'share', 'share-commercially', 'modify', 'modify-commercially'])
    .default('any')
    .describe('images that may be used so, as far as the provider knows'),
  thumbnails: z
    .boolean()
    .default(false)
    .describe("take the provider's thumbnail where the full-size image cannot be had"),
  googleApiKey: z.string().default('').describe('google-cse: the API key of a project that has the API'),
  googleEngineId: z.string().default('').describe('google-cse: the id of the search engine (cx)'),
})

export type SearchOptions = z.output<typeof optionsSchema>

/** The options as the schema left them. */
export function optionsOf(context: ExploreContext): SearchOptions {
  return context.options as SearchOptions
}
