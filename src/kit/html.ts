import type { CheerioAPI } from 'cheerio'

/**
 * Parses a page as browsers do that run no scripts, so that what stands in `noscript` counts. Cheerio is loaded with
 * the first page: it takes longer than all the rest of the program.
 */
export async function loadHtml(markup: string): Promise<CheerioAPI> {
  const { load } = await import('cheerio')
  return load(markup, { scriptingEnabled: false })
}
