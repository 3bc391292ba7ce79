import { Fault } from '../../core/errors.ts'
import type { ExploreContext } from '../../core/source.ts'

/** The web site's own public id, as in use in 2026; imgur has registered no new ones since 2025. */
export const CLIENT_ID = '546c25a59c58ad7'

/** How the fault of a refused id begins. */
export const REFUSED_CLIENT = 'imgur refuses the client id'

/** The id that a run asks with; another one than it began with once the site's pages named it. */
interface Client {
  id: string
  /** Begun at the first refusal, for all who were refused. */
  search?: Promise<string | undefined>
}

/**
 * Asks with the client id of the run. When the program's own id is refused, the one that the site's pages use today is
 * looked for, once; an id that the user chose is never replaced.
 */
export async function withClientId<T>(context: ExploreContext, ask: (id: string) => Promise<T>): Promise<T> {
  const client = await context.session('client', async (): Promise<Client> => ({
    id: String(context.options['clientId']),
  }))
  const asked = client.id
  try {
    return await ask(asked)
  } catch (thrown) {
    const isRefusal = thrown instanceof Fault && thrown.message.startsWith(REFUSED_CLIENT)
    if (!isRefusal || context.options['clientId'] !== CLIENT_ID) throw thrown
    client.search ??= findClientId(context)
    const found = await client.search
    if (found === undefined || found === asked) throw thrown
    client.id = found
    return ask(found)
  }
}

/** From the main script of the home page, where a program of 2026 finds it; neither is recorded. */
async function findClientId({ http }: ExploreContext): Promise<string | undefined> {
  try {
    const home = await http.request({ url: 'https://imgur.com/' })
    const script = /\bsrc="([^"]*\/desktop-assets\/js\/main[^"]*)"/.exec(home.text())?.[1]
    if (script === undefined) return undefined
    const url = new URL(script, home.url)
    if (!/(?:^|\.)imgur\.com$/.test(url.hostname)) return undefined
    const code = await http.request({ url: url.href })
    return /\bapiClientId:\s*"([0-9a-f]{10,40})"/.exec(code.text())?.[1]
  } catch (thrown) {
    // What matters is that the id was refused.
    if (thrown instanceof Fault && thrown.disposition !== 'abort') return undefined
    throw thrown
  }
}
