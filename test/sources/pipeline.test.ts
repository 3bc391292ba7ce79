import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeMedia } from '../../replicas/harness/media.ts'
import { loadReplicas, replicaNames, startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import type { Expected } from '../../replicas/harness/replica.ts'
import { openApp } from '../../src/app/app.ts'
import { sourceSchemas } from '../../src/app/schemas.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { Event } from '../../src/core/events.ts'
import { CHROMIUM } from '../chromium.ts'
import { expectedOutcomes } from './crawl.ts'

/** Every source against its replica, through the whole program: from the target to the file on the disk. */
const replicas = await loadReplicas(await replicaNames())

let running: RunningReplicas
let library: string

beforeAll(async () => {
  running = await startReplicas(replicas)
})
afterAll(() => running.close())
beforeEach(async () => {
  running.reset()
  library = await mkdtemp(join(tmpdir(), 'bowerbird-pipeline-'))
})
afterEach(() => rm(library, { recursive: true, force: true }))

interface Ended {
  readonly outcomes: Readonly<Record<string, string>>
  readonly exit: number
  readonly targets: readonly string[]
}

async function collect(target: string, options: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const option = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  const flags = {
    to: library,
    connectTo: [running.connectTo],
    cacert: running.caFile,
    rate: '1000',
    fsync: false,
    option,
  }
  const settings = await loadSettings({ flags, env: { XDG_CONFIG_HOME: library }, sourceSchemas: sourceSchemas() })
  const events: Event[] = []
  const signals = { closing: new AbortController().signal, cut: new AbortController().signal }
  const app = await openApp({
    settings,
    emit: (event) => {
      events.push(event)
    },
    signals,
    ready: async () => {},
  })
  try {
    const { end } = await app.get([target])
    const outcomes = await Promise.all(events.map(outcomeOf))
    return {
      outcomes: Object.fromEntries(outcomes.flat()) as Record<string, string>,
      exit: end.exit,
      targets: end.targets.map(({ code }) => code),
    }
  } finally {
    await app.close()
  }
}

/** Of a stored asset the hash of what lies on the disk; else how it ended. */
async function outcomeOf(event: Event): Promise<readonly (readonly [string, string])[]> {
  if (event.event === 'stored')
    return [
      [
        event.key,
        createHash('sha256')
          .update(await readFile(join(library, event.path)))
          .digest('hex'),
      ],
    ]
  if (event.event === 'missing') return [[event.key, 'missing']]
  return event.event === 'failed' ? [[event.key, event.code]] : []
}

/** What the end says besides the assets: the fault of the target, if it ends with one, and the exit status. */
function endOf({ files, missing = [], failed = {}, fault }: Expected): {
  readonly exit: number
  readonly targets: readonly string[]
} {
  const failures = Object.keys(failed).length
  const nothing = Object.keys(files).length + missing.length + failures === 0
  const code = fault ?? (nothing ? 'NothingFound' : undefined)
  if (code !== undefined) return { exit: 4, targets: [code] }
  return { exit: failures > 0 ? 3 : 0, targets: [] }
}

describe.each(replicas)('the replica $name', (replica) => {
  const faults = Object.entries(replica.faults ?? {})
  const optionsOf = (name: string): Readonly<Record<string, string>> | undefined =>
    replica.targets.find(({ target }) => target === name)?.options

  // A browser takes seconds to start: of what needs one, the program collects the demonstration here.
  const targets = replica.targets.filter(({ needs, demo }) => needs === undefined || (demo === true && CHROMIUM))

  test.each(targets)(
    '$target: every file on the disk, and the right exit status',
    async ({ target, options, expected }) => {
      const ended = await collect(target, options)
      expect(ended).toEqual({ outcomes: await expectedOutcomes(expected), ...endOf(expected) })
      expect(await readdir(join(library, '.bowerbird', 'parts')).catch(() => [])).toEqual([])
    },
  )

  test.runIf(faults.length > 0).each(faults)(
    '%s: what the site does wrong, and what comes of it',
    async (_name, { mishaps, target, options, expected }) => {
      running.mishap(...mishaps)
      const ended = await collect(target, options ?? optionsOf(target))
      expect(ended).toEqual({ outcomes: await expectedOutcomes(expected), ...endOf(expected) })
    },
  )

  const [again] = targets.filter(({ demo }) => demo)

  test.runIf(again !== undefined)('collected again fetches no file twice', async () => {
    const { target = '', options, expected = { files: {} } } = again ?? {}
    await collect(target, options)
    running.reset()
    const { outcomes } = await collect(target, options)
    const { missing = [] } = expected
    expect(outcomes).toEqual(await expectedOutcomes({ files: {}, missing }))
    const sizes = new Set(
      (await Promise.all(Object.values(expected.files).map((media) => makeMedia(media)))).map(
        ({ bytes }) => bytes.length,
      ),
    )
    expect(running.requests.filter(({ bytes }) => sizes.has(bytes))).toEqual([])
  })
})
