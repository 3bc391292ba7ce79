import { Fault } from '../../core/errors.ts'
import type { Strategy } from '../../core/source.ts'
import { textParam } from '../../kit/params.ts'
import { askPage } from './requests.ts'

/** A link as the app shares it: it leads to a post or a blog, which is then read as if it had been named itself. */
export const followLink: Strategy = {
  name: 'redirect',
  async *explore(params, _cursor, context) {
    const url = textParam(params, 'url')
    const answer = await askPage(context, url, 'mobile')
    if (new URL(answer.url).hostname === new URL(url).hostname) {
      throw new Fault('SiteChanged', 'the short link does not lead on', { url, where: 'location' })
    }
    yield { kind: 'url', url: answer.url }
  },
}
