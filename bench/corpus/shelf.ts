import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filmMold } from './film.ts'
import { jpegMold } from './jpeg.ts'
import { digitsOf, moldSize, type Mold } from './mold.ts'

/** A folder of the server: files 1, 2, 3 … of one kind. */
export interface Shelf {
  readonly name: ShelfName
  readonly extension: string
  readonly mime: string
  /** Bytes of each file. */
  readonly bytes: number
  /** Only numbers that are divisible by it exist. */
  readonly every: number
  readonly molds: readonly Mold[]
}

export type ShelfName = 'pictures' | 'sparse' | 'films' | 'tiny'

/** As many different pictures; more would cost memory and show nothing. */
const VARIANTS = 8
const PICTURE_BYTES = 60_000
const PICTURE_SIDE = 300
const TINY_BYTES = 1_500
const TINY_SIDE = 16
const FILM_BYTES = 50_000_000
/** Of 400,000 listed numbers 10,000 exist. */
export const SPARSE = 40

const JPEG = { extension: 'jpg', mime: 'image/jpeg' } as const

export async function openShelf(name: ShelfName): Promise<Shelf> {
  switch (name) {
    case 'pictures':
      return { name, ...JPEG, bytes: PICTURE_BYTES, every: 1, molds: await jpegMolds(PICTURE_SIDE, PICTURE_BYTES) }
    case 'sparse':
      return { name, ...JPEG, bytes: PICTURE_BYTES, every: SPARSE, molds: await jpegMolds(PICTURE_SIDE, PICTURE_BYTES) }
    case 'tiny':
      return { name, ...JPEG, bytes: TINY_BYTES, every: 1, molds: await jpegMolds(TINY_SIDE, TINY_BYTES) }
    case 'films': {
      const molds = [filmMold('film', FILM_BYTES)]
      return { name, extension: 'mp4', mime: 'video/mp4', bytes: FILM_BYTES, every: 1, molds }
    }
  }
}

async function jpegMolds(side: number, bytes: number): Promise<Mold[]> {
  const molds = await Promise.all(Array.from({ length: VARIANTS }, (_, index) => jpegMold(`${index}`, side, bytes)))
  if (molds.some((mold) => moldSize(mold) !== bytes)) throw new Error(`a picture has not ${bytes} bytes`)
  return molds
}

/** Nothing where the shelf has no such number. */
export function moldOf(shelf: Shelf, number: number): Mold | undefined {
  if (number < 1 || number % shelf.every !== 0) return undefined
  return shelf.molds[number % shelf.molds.length]
}

function bytesOf(shelf: Shelf, number: number): Buffer {
  const mold = moldOf(shelf, number)
  if (mold === undefined) throw new Error(`${shelf.name} has no number ${number}`)
  return Buffer.concat([mold.before, Buffer.from(digitsOf(number)), mold.after])
}

/** Files written at once. */
const AT_ONCE = 16

/** Writes the numbers 1 to `items` of a shelf, each under the path that `place` says. */
export async function writeShelf(
  shelf: Shelf,
  items: number,
  folder: string,
  place: (n: number) => string,
): Promise<void> {
  await mkdir(join(folder, place(shelf.every), '..'), { recursive: true })
  for (let from = shelf.every; from <= items; from += AT_ONCE * shelf.every) {
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => from + index * shelf.every).filter((n) => n <= items)
    await Promise.all(numbers.map((number) => writeFile(join(folder, place(number)), bytesOf(shelf, number))))
  }
}
