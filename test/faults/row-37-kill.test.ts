import { afterAll, beforeAll, expect, test } from 'vitest'
import { Library } from '../engine/library.ts'
import { Gauntlet } from './support/gauntlet.ts'
import { closeAfter } from './support/scene.ts'

/** The loop of 200 kills is `npm run soak`. */
let gauntlet: Gauntlet

beforeAll(async () => {
  gauntlet = await Gauntlet.open(1)
})

afterAll(() => gauntlet.close())

function emptyLibrary(): Library {
  const library = new Library()
  closeAfter(() => library.remove())
  return library
}

test('row 37: killed again and again at random moments through a bad network, the same command ends as an undisturbed run', async () => {
  const library = emptyLibrary()
  const { stored } = await gauntlet.endure(library, { kills: 20, share: 0.05, again: 'get' })
  expect(stored).toBeGreaterThan(0)
}, 300_000)

test('row 37: killed again and again at random moments, resume ends as an undisturbed run', async () => {
  const library = emptyLibrary()
  const { stored } = await gauntlet.endure(library, { kills: 6, share: 0, again: 'resume' })
  expect(stored).toBeGreaterThan(0)
}, 300_000)
