/**
 * A process that stores files, for tests that end it, limit it or mount things below it.
 *
 *     child.ts publish ROOT '{"count":100,"size":60000,"atOnce":20,"fsync":false}'   a line for each file
 *     child.ts check ROOT '{"size":60000}'                                           what stands there
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openDiskStore } from '../../src/adapters/store/disk/store.ts'
import { toFault } from '../../src/core/errors.ts'
import { picture, send, specFor } from './pictures.ts'
import { INSPECT, finalFiles, partFiles } from './support.ts'
import type { Store } from '../../src/ports/store.ts'

interface Work {
  readonly count: number
  readonly size: number
  readonly atOnce: number
  readonly fsync: boolean
  /** All files that are under way have begun before any goes on. */
  readonly inTurns?: boolean
  /** Bytes that each file's note promises. */
  readonly promised?: number
  /** The process is killed as soon as it has published so many. */
  readonly killedAfter?: number
}

let published = 0
const [job, root = '', json = '{}'] = process.argv.slice(2)

function say(...words: readonly string[]): void {
  process.stdout.write(`${words.join('\t')}\n`)
}

/** One file from its first byte to its end. */
async function keep(store: Store, key: string, work: Work): Promise<void> {
  const left = await store.part(key)
  if (left !== undefined && 'complete' in left) {
    await store.settle([key])
    return say('complete', key, left.complete)
  }
  const incoming = store.receive(key)
  if (work.promised !== undefined) {
    incoming.note({ validator: '"v"', url: 'https://example.org/', total: work.promised })
  }
  const bytes = picture(work.size, key)
  const third = Math.ceil(work.size / 3)
  for (let from = 0; from < bytes.length; from += third) {
    await send(incoming, bytes.subarray(from, from + third), third)
    if (work.inTurns === true) await setTimeout(5)
  }
  const received = await incoming.finish()
  const { path } = await store.publish(specFor(key, received))
  say('published', key, path)
  published += 1
  if (published === work.killedAfter) process.kill(process.pid, 'SIGKILL')
  await store.settle([key])
}

async function publish(work: Work): Promise<void> {
  const store = await openDiskStore({ root, fsync: work.fsync, inspectModule: INSPECT })
  say('open')
  let next = 0
  const one = async (): Promise<void> => {
    while (next < work.count) {
      const key = `a:${next}`
      next += 1
      await keep(store, key, work).catch((thrown: unknown) => {
        const { code, message } = toFault(thrown)
        say('fault', key, code, message)
      })
    }
  }
  await Promise.all(Array.from({ length: work.atOnce }, one))
  await store.close()
  say('closed')
}

/** `a-17.jpg` holds the picture of `a:17`, whole. */
function check(size: number): void {
  for (const path of finalFiles(root)) {
    const key = basename(path)
      .replace(/[~.].*$/, '')
      .replace('-', ':')
    say(readFileSync(join(root, path)).equals(picture(size, key)) ? 'whole' : 'broken', key, path)
  }
  for (const part of partFiles(root)) say('part', part)
}

try {
  const work: Work = JSON.parse(json)
  if (job === 'check') check(work.size)
  else await publish(work)
} catch (thrown) {
  const { code, message } = toFault(thrown)
  say('fault', 'store', code, message)
}
