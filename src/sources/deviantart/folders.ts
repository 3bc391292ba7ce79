import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { ExploreContext, Params } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { readShape } from '../../kit/shape.ts'
import { askApi } from './api-requests.ts'

const foldersSchema = z.object({
  has_more: z.boolean().nullish(),
  next_offset: z.number().nullish(),
  results: z.array(z.object({ folderid: z.string().min(1), name: z.string() })),
})

/** Folders of an artist beyond these are found by the site's own list. */
const MOST_FOLDER_PAGES = 20

/** The API names folders by UUID; the words of an address are its name. */
export function folderUuid(kind: 'gallery' | 'collections', params: Params, context: ExploreContext): Promise<string> {
  const user = textParam(params, 'user')
  const slug = typeof params['slug'] === 'string' ? wordsIn(params['slug']) : ''
  return context.session(`${kind} of ${user}: ${slug}`, async () => {
    let offset = 0
    const pages = slug === '' ? 0 : MOST_FOLDER_PAGES
    for (let page = 0; page < pages; page += 1) {
      const query = { username: user, offset: String(offset), limit: '50' }
      const { value, url } = await askApi(context, `/${kind}/folders`, query)
      const list = readShape(foldersSchema, value, { what: "a list of folders of DeviantArt's API", url })
      const fitting = list.results.filter(({ name }) => wordsIn(name) === slug)
      const [only] = fitting
      if (only !== undefined && fitting.length === 1) return only.folderid
      const next = list.next_offset ?? 0
      if (list.has_more !== true || next <= offset || fitting.length > 1) break
      offset = next
    }
    throw new Fault('SiteChanged', "DeviantArt's API names no single folder by the words of this address", {
      where: '$.results[].name',
      advice: "the site's own list is read in place of it",
    })
  })
}

/** `Fan-Art` and `Fan Art!` are one name. */
function wordsIn(name: string): string {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join(' ')
}
