import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Incoming, Store } from '../../src/ports/store.ts'
import { picture, receive, send, sha256, specFor } from './pictures.ts'
import { diskBench, finalFiles, partFiles } from './support.ts'

const SENDERS = 100
const RING_BYTES = 16 * 1024 * 1024

let bench: ReturnType<typeof diskBench>
let store: Store

beforeEach(async () => {
  bench = diskBench({ inspectModule: new URL('inspect-trouble.ts', import.meta.url) })
  store = await bench.open()
})

afterEach(async () => {
  await store.close()
  await bench.dispose()
})

/** Holds the writer thread, as a slow disk would, until the returned function is called. */
function hold(): () => Promise<void> {
  const gate = join(bench.root, 'gate')
  writeFileSync(gate, '')
  const slow = store.receive('a:slow')
  slow.write(Buffer.from(`HOLD ${gate}`))
  const finished = slow.finish()
  return async () => {
    rmSync(gate)
    await finished
    await store.settle(['a:slow'])
  }
}

test('a slow disk holds a hundred senders back, and none for ever', async () => {
  const bytes = picture(1_500_000)
  const letGo = hold()
  let taken = 0
  const sending = Array.from({ length: SENDERS }, async (_, index) => {
    const incoming = store.receive(`a:${index}`)
    const counting: Pick<Incoming, 'write' | 'onDrain'> = {
      write(chunk) {
        taken += chunk.length
        return incoming.write(chunk)
      },
      onDrain: (listener) => incoming.onDrain(listener),
    }
    await send(counting, bytes, 60_000)
    return incoming.finish()
  })
  await setTimeout(50)
  expect(taken).toBeGreaterThan(RING_BYTES / 4)
  expect(taken).toBeLessThanOrEqual(RING_BYTES)
  await letGo()
  const received = await Promise.all(sending)
  expect(new Set(received.map((one) => one.sha256))).toEqual(new Set([sha256(bytes)]))
})

test('all who were held back are told to go on, though those before them have nothing more to send', async () => {
  const letGo = hold()
  const senders = Array.from({ length: 10 * SENDERS }, (_, index) => store.receive(`a:${index}`))
  const told = senders.map((incoming) => {
    const goOn = new Promise<void>((resolve) => incoming.onDrain(resolve))
    return incoming.write(picture(100)) ? undefined : goOn
  })
  expect(told.filter((goOn) => goOn !== undefined).length).toBeGreaterThan(8 * SENDERS)
  await letGo()
  for (const goOn of told) await goOn
  await Promise.all(senders.map((incoming) => incoming.abort(false)))
})

test('senders that cannot stop lose no byte', async () => {
  const bytes = picture(30_000_000)
  const letGo = hold()
  const incoming = store.receive('a:1')
  for (let from = 0; from < bytes.length; from += 70_000) incoming.write(bytes.subarray(from, from + 70_000))
  await letGo()
  expect((await incoming.finish()).sha256).toBe(sha256(bytes))
})

test('a sender that gives up while it is held back gives its place to others', async () => {
  const letGo = hold()
  const given = Array.from({ length: SENDERS }, (_, index) => store.receive(`a:${index}`))
  const chunk = picture(200_000)
  for (const incoming of given) incoming.write(chunk)
  const aborts = given.map((incoming) => incoming.abort(false))
  await letGo()
  await Promise.all(aborts)
  const received = await receive(store, 'b:1', picture(20_000_000), 60_000)
  expect(received.sha256).toBe(sha256(picture(20_000_000)))
  await store.settle(['b:1'])
  expect(partFiles(bench.root)).toEqual([])
})

test('a hundred senders that stand still do not starve one that goes on', async () => {
  const still = Array.from({ length: 3 * SENDERS }, (_, index) => store.receive(`a:${index}`))
  for (const incoming of still) incoming.write(Buffer.from('first bytes'))
  const received = await receive(store, 'b:1', picture(40_000_000), 60_000)
  expect(received.bytes).toBe(40_000_000)
  await store.publish(specFor('b:1', received))
  await store.settle(['b:1'])
  await Promise.all(still.map((incoming) => incoming.abort(false)))
  expect(partFiles(bench.root)).toEqual([])
  expect(finalFiles(bench.root)).toEqual(['site/author/b-1.jpg'])
})

test('a thread that breaks down ends every call with a fault', async () => {
  const doomed = store.receive('a:1')
  doomed.write(Buffer.from('CRASH'))
  const other = store.receive('a:2')
  other.write(Buffer.from('harmless'))
  const ends = [
    doomed.finish(),
    other.finish(),
    store.reread('x.jpg'),
    store.write({ key: 'x', paths: ['x.json'], content: '{}' }),
  ]
  for (const end of await Promise.allSettled(ends)) {
    expect(end).toMatchObject({ status: 'rejected', reason: { code: 'Internal' } })
  }
  expect(() => store.receive('a:3').write(Buffer.from('x'))).toThrow('writer thread')
  await expect(store.settle(['a:1'])).rejects.toMatchObject({ code: 'Internal' })
})
