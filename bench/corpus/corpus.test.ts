import { expect, test } from 'vitest'
import sharp from 'sharp'
import { inspect } from '../../src/engine/verify/inspect.ts'
import { filmMold } from './film.ts'
import { jpegMold } from './jpeg.ts'
import { digitsOf, moldSize, type Mold } from './mold.ts'

function filled({ before, after }: Mold, number: number): Buffer {
  return Buffer.concat([before, Buffer.from(digitsOf(number)), after])
}

test('pictures decode, have the size that was asked for, and differ by their number', async () => {
  const mold = await jpegMold('1', 300, 60_000)
  const file = filled(mold, 17)
  expect(moldSize(mold)).toBe(60_000)
  expect(file.length).toBe(60_000)
  const { info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
  expect(info).toMatchObject({ width: 300, height: 300 })
  expect(file.includes('bowerbird 00000017')).toBe(true)
  expect(file.equals(filled(mold, 18))).toBe(false)
})

test('the same seed gives the same picture', async () => {
  const [one, other, third] = await Promise.all(['1', '1', '2'].map((seed) => jpegMold(seed, 16, 1_500)))
  expect(one).toEqual(other)
  expect(one).not.toEqual(third)
})

test('films are whole to the program that is measured', async () => {
  const file = filled(filmMold('film', 100_000), 3)
  expect(file.length).toBe(100_000)
  const access = { size: file.length, read: (from: number, bytes: number) => file.subarray(from, from + bytes) }
  const found = await inspect(access)
  expect(found.mime).toBe('video/mp4')
  expect(found.damage).toBeUndefined()
})
