import { dirname } from 'node:path'
import type { Flags } from '../config/settings.ts'
import { BROWSER_ADVICE, findBrowser } from '../http/browser/find.ts'

/** Milliseconds before every answer of a replica: a site on the same machine would end before one sees it begin. */
const LATENCY_MS = 40

/** As source or as built. */
const REPLICAS = new URL(
  import.meta.url.endsWith('.ts') ? '../../replicas/harness/start.ts' : '../replicas/harness/start.js',
  import.meta.url,
)

/** What the demo needs of the replicas. They are no part of the program: it finds them beside itself. */
interface Replicas {
  readonly replicaNames: () => Promise<readonly string[]>
  readonly startReplicas: (names: readonly string[], options: { readonly latency: number }) => Promise<Running>
}

interface Running {
  readonly replicas: readonly {
    readonly name: string
    readonly targets: readonly {
      readonly target: string
      readonly options?: Readonly<Record<string, string>>
      readonly needs?: 'browser'
      readonly demo?: boolean
    }[]
  }[]
  readonly caFile: string
  readonly connectTo: string
  close(): Promise<void>
}

/** Replicas that run, and what to collect from them. */
export interface Demo {
  readonly names: readonly string[]
  readonly targets: readonly string[]
  /** What is left out, and why. */
  readonly notes: readonly string[]
  /** They lead every host to the replicas and trust their certificates, as the options of the same names would. */
  readonly flags: Flags
  /** No settings of the user's, and no proxy: the demo is the same everywhere. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export async function openDemo(): Promise<Demo> {
  const { replicaNames, startReplicas } = (await import(REPLICAS.href)) as Replicas
  const running = await startReplicas(await replicaNames(), { latency: LATENCY_MS })
  const all = running.replicas.flatMap(({ targets }) => targets.filter(({ demo }) => demo === true))
  const browser = findBrowser(process.env['BOWERBIRD_BROWSER'], process.env)
  const chosen = all.filter(({ needs }) => needs === undefined || browser !== undefined)
  const options = chosen.flatMap((target) => Object.entries(target.options ?? {}))
  process.env['no_proxy'] = '*'
  return {
    names: running.replicas.map(({ name }) => name),
    targets: chosen.map(({ target }) => target),
    notes: all
      .filter((one) => !chosen.includes(one))
      .map(({ target }) => `Left out, for want of a browser: ${target}; ${BROWSER_ADVICE}`),
    flags: {
      connectTo: [running.connectTo],
      cacert: running.caFile,
      // The advice of sources is for the real sites.
      rate: '1000',
      ...(browser !== undefined && { browser }),
      option: [...new Set(options.map(([name, value]) => `${name}=${value}`))],
    },
    env: { XDG_CONFIG_HOME: dirname(running.caFile) },
    close: () => running.close(),
  }
}
