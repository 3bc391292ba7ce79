import type { Answer, Replica } from '../../replicas/harness/replica.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import { jsonLines, workplace } from '../cli/support.ts'

/** What the real program said of targets, with recorded answers in place of their site. */
export interface Told {
  readonly status: number | null
  readonly stderr: string
  /** Key and whole candidate URLs of each asset that it would fetch, in the order of telling. */
  readonly assets: readonly (readonly [key: string, ...urls: string[]])[]
  readonly events: readonly Readonly<Record<string, unknown>>[]
  /** `host/path?query` of every request, `client_id` left out. */
  readonly asked: readonly string[]
}

/** A recorded body: `[status, body]`, or the body of a good answer. Chosen by `host/path`, then by `host/path?query`. */
export type Served = Readonly<Record<string, string | readonly [status: number, body: string]>>

/**
 * `bowerbird get TARGETS --dry-run --json` as a user would call it, led by --connect-to to a server that answers what
 * was recorded, and 404 to everything else.
 */
export async function dryRun(hosts: readonly string[], served: Served, ...args: readonly string[]): Promise<Told> {
  const replica: Replica = {
    name: 'recorded',
    hosts,
    make: () => (request) => answer(served, request.url),
    targets: [],
  }
  const running = await startReplicas([replica])
  const place = await workplace()
  try {
    const way = ['--connect-to', running.connectTo, '--cacert', running.caFile, '--rate', '1000', '--retries', '0']
    const { status, stdout, stderr } = await place.run('get', ...args, '--dry-run', '--json', ...way)
    const events = jsonLines(stdout)
    const assets = events.filter(({ event }) => event === 'asset').map(assetOf)
    return { status, stderr, events, assets, asked: running.requests.map(({ url }) => placeOf(new URL(url))) }
  } finally {
    await place.remove()
    await running.close()
  }
}

function assetOf({ key, candidates }: Readonly<Record<string, unknown>>): readonly [string, ...string[]] {
  return [String(key), ...(candidates as readonly string[])]
}

function answer(served: Served, url: URL): Answer {
  const found = served[placeOf(url)] ?? served[url.host + url.pathname]
  if (found === undefined) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html></html>' }
  const [status, body] = typeof found === 'string' ? [200, found] : found
  const type = body.trimStart().startsWith('<') ? 'text/html' : 'application/json'
  return { status, headers: { 'content-type': type }, body }
}

function placeOf(url: URL): string {
  url.searchParams.delete('client_id')
  return url.host + url.pathname + url.search
}
