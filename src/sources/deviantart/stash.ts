import type { Finding, Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { childRef } from '../../kit/refs.ts'
import { readPageState, workOfPage } from './page-state.ts'
import { askPage, SITE } from './web-requests.ts'
import { workFindings } from './web.ts'

/** Links of a folder to what is in it. */
const ITEM = /href="https:\/\/www\.deviantart\.com\/stash\/([0-9a-z]+)["?]/g

/** An item of the site's stash: a page of its own (`0…`), or a folder of such pages. Unverified: none is recorded. */
export const webStash: Strategy = {
  name: 'web',
  async *explore(params, _cursor, context) {
    const id = textParam(params, 'id')
    // Folders of the old address have another number there; it leads to the new one.
    const answer = await askPage(context, id.startsWith('2') ? `https://sta.sh/${id}` : `${SITE}/stash/${id}`)
    const own = new URL(answer.url).pathname.split('/').at(-1) ?? id
    const html = answer.text()
    if (!own.startsWith('0')) return yield* folderFindings(html, own)
    const state = readPageState(html, answer.url)
    const work = await workOfPage(state, undefined)
    const self = { source: 'deviantart', route: 'stash', params: { id: own } }
    yield* workFindings({ ...work, self }, state.isLoggedIn, context)
  },
}

function folderFindings(html: string, own: string): readonly Finding[] {
  const ids = new Set(Array.from(html.matchAll(ITEM), ([, id = '']) => id))
  return [...ids]
    .filter((id) => id !== own)
    .map((id) => childRef({ source: 'deviantart', route: 'stash', params: { id } }))
}
