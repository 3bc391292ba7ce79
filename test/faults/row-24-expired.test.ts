import { expect, test } from 'vitest'
import { replicasOf, sumsOf } from './support/replicas.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

/** Replicas whose signed URLs are over when their turn comes, by source and name of the fault. */
const EXPIRED = [
  ['deviantart', 'expired-download'],
  ['louvre', 'image-moved'],
] as const

test.each(EXPIRED)(
  'row 24: %s, %s: its page is asked for a fresh URL, and the item keeps its identity',
  async (name, fault) => {
    const scene = await Scene.open()
    const running = await replicasOf(name)
    const {
      mishaps,
      target,
      options = {},
      expected,
    } = running.replicas[0]?.faults?.[fault] ?? { mishaps: [], target: '', expected: { files: {} } }
    running.mishap(...mishaps)
    const own = Object.entries(options).flatMap(([option, value]) => ['--option', `${option}=${value}`])
    const keys = Object.keys(expected.files)
    const sums = await sumsOf(expected.files)
    const ran = await Round.run(scene, [target, ...running.flags, ...own], {
      states: { stored: keys.length },
      sums,
      opaque: ['.zip'],
    })
    expect([ran.problems, ran.status]).toEqual([[], 0])
    const stored = ran.events.flatMap((event) => (event.event === 'stored' ? [event.key] : []))
    expect(stored.toSorted()).toEqual(keys.toSorted())
    const met = running.requests.filter(({ mishap, status }) => mishap !== undefined && status >= 400)
    expect(met.length).toBeGreaterThan(0)
  },
)

test('row 24: a URL that is over and whose page has no fresh one: the item fails, the others come', async () => {
  const scene = await Scene.open()
  const running = await replicasOf('louvre')
  const { mishaps, target, expected } = running.replicas[0]?.faults?.['image-gone'] ?? {
    mishaps: [],
    target: '',
    expected: { files: {} },
  }
  running.mishap(...mishaps)
  const states = { stored: Object.keys(expected.files).length, failed: Object.keys(expected.failed ?? {}).length }
  const ran = await Round.run(scene, [target, ...running.flags], { states, sums: await sumsOf(expected.files) })
  expect([ran.problems, ran.end.reasons]).toEqual([[], { Gone: 1 }])
})
