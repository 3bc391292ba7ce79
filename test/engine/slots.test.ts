import { expect, test } from 'vitest'
import type { EngineParts } from '../../src/engine/parts.ts'
import { asset, collectWith, counts, place, testSource } from './harness.ts'
import { picture } from './pictures.ts'

test('a slot is used again as soon as the bytes are in, while the file is still being verified', async () => {
  const here = await place()
  const second = Promise.withResolvers<void>()
  here.site.on('/*', ({ path }) => {
    if (path === '/2.jpg') second.resolve()
    return picture(path, 1200)
  })
  const source = testSource({
    async *list() {
      yield asset('http://site.test/1.jpg')
      yield asset('http://site.test/2.jpg')
    },
  })
  // The first file is not through before the second one has been asked for.
  const change = (parts: EngineParts): EngineParts => ({ ...parts, decode: () => second.promise })
  const ran = await collectWith([source], here, ['test:list/1'], { change, flags: { jobs: '1' } })
  expect(counts(ran)).toEqual({ stored: 2 })
})
