import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReplicas } from '../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../replicas/harness/start.ts'
import { replica } from '../../replicas/louvre.ts'
import type { Http } from '../../src/core/http.ts'
import { ARK_RANGES, arkNumber } from '../../src/sources/louvre/arks.ts'
import { source } from '../../src/sources/louvre/louvre.ts'
import { readRecord } from '../../src/sources/louvre/record.ts'
import { openHttp } from '../sources/crawl.ts'
import { Recordings } from './recordings.ts'
import { differences, shapeOf } from './shapes.ts'

const recordings = new Recordings('louvre')
const VENUS = 'cl010277627.image_array.fragment.json'
const ARRAYS = 'image_arrays_2024-05.converted.json'
const NOTEBOOK = 'notebook-2024-05/'

interface RawImage {
  readonly urlImage: string
  readonly copyright: string
  readonly type: string
  readonly position: number
}

function read(images: unknown, ark: string): ReturnType<typeof readRecord> {
  return readRecord({ image: images }, ark, `https://collections.louvre.fr/ark:/53355/${ark}.json`)
}

/** The arks that the arrays belong to; of the last three inferred from the file names. */
const ARKS = ['cl010000006', 'cl010000007', 'cl010000008', 'cl020009259', 'cl020009260', 'cl020009380']

/** The record's property names as a table of all records printed them; those of `index` are joined to it by a dot. */
function printedProperties(): readonly string[] {
  const printed = recordings.text(`${NOTEBOOK}extracts.cell01.execute_result.txt`)
  return [...printed.matchAll(/'((?:[^']|(?<=d)'(?=a))+)'(?=[,\]])/g)].map(([, name = '']) => name)
}

recordings.suite('recorded answers of the Louvre', () => {
  test('every file is looked at below', () => {
    const tables = [
      'all_infos.cell00',
      'all_infos.cell03',
      'all_infos.cell08',
      'all_infos.cell15',
      'all_infos.cell20',
      'extracts.cell01',
      'extracts.cell02',
      'extracts.cell07',
      'extracts.cell09',
    ]
    const files = [
      VENUS,
      ARRAYS,
      ...tables.map((name) => `${NOTEBOOK}${name}.execute_result.txt`),
      `${NOTEBOOK}all_infos.cell03.stream.txt`,
    ]
    expect(files.toSorted()).toEqual(recordings.files())
  })

  test('four views of one statue: each at its given address, keyed by its own number', () => {
    const raw = recordings.json(VENUS) as readonly RawImage[]
    const assets = read(raw, 'cl010277627')
    expect(
      assets.map(({ key, index, candidates: [first], meta }) => ({
        key,
        index,
        url: first?.url,
        quality: first?.quality,
        credit: meta.credit,
        view: meta['view'],
      })),
    ).toEqual(
      [
        ['0000625031', 'trois quarts'],
        ['0000625032', 'détail'],
        ['0000625130', 'détail'],
        ['0000625132', 'détail'],
      ].map(([id, view], position) => ({
        key: `louvre:cl010277627/${id}`,
        index: position + 1,
        url: raw[position]?.urlImage,
        quality: 'full',
        credit: '© 2011 Musée du Louvre / Thierry Ollivier',
        view,
      })),
    )
  })

  test('six records of both kinds of addresses', () => {
    const arrays = recordings.json(ARRAYS) as readonly (readonly RawImage[])[]
    const found = arrays.flatMap((images, index) => read(images, ARKS[index] ?? ''))
    expect(found.map(({ key }) => key)).toEqual([
      'louvre:cl010000006/0000582320',
      'louvre:cl010000007/0000582334',
      'louvre:cl010000008/0000157356',
      'louvre:cl020009259/AGO009259-000',
      'louvre:cl020009259/AGO009259-001',
      'louvre:cl020009259/AGO009259-002',
      'louvre:cl020009260/AGO009260-000',
      'louvre:cl020009260/AGO009260-001',
      'louvre:cl020009260/AGO009260-002',
      'louvre:cl020009380/AGO009380-000',
    ])
    expect(found.map(({ candidates }) => candidates.map(({ url }) => url))).toEqual(
      arrays.flat().map(({ urlImage }) => [urlImage]),
    )
    expect(found.map(({ candidates }) => candidates[0]?.quality)).toEqual([
      ...Array<string>(3).fill('full'),
      ...Array<string>(7).fill('original'),
    ])
    expect(found.at(-1)?.meta.credit).toBe('RMN')
  })

  test('the printed image values are the same ones, as text', () => {
    const printed = recordings.text(`${NOTEBOOK}extracts.cell07.execute_result.txt`)
    const addresses = [...printed.matchAll(/'urlImage': '([^']+)'/g)].map(([, url]) => url)
    const arrays = recordings.json(ARRAYS) as readonly (readonly RawImage[])[]
    expect(addresses).toEqual(arrays.flat().map(({ urlImage }) => urlImage))
  })

  test('all identifiers that the tables print lie in the spans that are counted up', () => {
    const tables = ['00', '03', '08', '15', '20'].map((cell) =>
      recordings.text(`${NOTEBOOK}all_infos.cell${cell}.execute_result.txt`),
    )
    const texts = [...tables, recordings.text(`${NOTEBOOK}all_infos.cell03.stream.txt`)]
    const numbers = texts.flatMap((text) => [...text.matchAll(/\bcl\d{9}\b/g)].map(([ark]) => arkNumber(ark) ?? 0))
    expect(numbers.length).toBeGreaterThan(50)
    expect(
      numbers.filter((number) => !ARK_RANGES.some(({ first, last }) => number >= first && number <= last)),
    ).toEqual([])
  })

  test('years of creation as they were printed: from year 1 on a date, before only in words', () => {
    const printed = recordings.text(`${NOTEBOOK}extracts.cell02.execute_result.txt`)
    const years = [...printed.matchAll(/"\[\{'startYear': (-?\d+)/g)].map(([, year]) => Number(year))
    const images = recordings.json(VENUS)
    const dates = years.map(
      (startYear) =>
        readRecord({ image: images, dateCreated: [{ startYear }] }, 'cl010277627', 'https://collections.louvre.fr/')[0]
          ?.meta.date,
    )
    expect(years).toEqual([-30, -30, 641, -664, 1560, 1504])
    expect(dates).toEqual([undefined, undefined, '0641', undefined, '1560', '1504'])
  })

  test('the list of all images counts 506,208 records, each with an address on the host that the source names', () => {
    const printed = recordings.text(`${NOTEBOOK}extracts.cell09.execute_result.txt`)
    expect(printed).toContain('Length: 506208')
    expect([...printed.matchAll(/https:\/\/([^/]+)\//g)].map(([, host]) => host)).toEqual(
      Array<string>(10).fill(source.hosts[0] ?? ''),
    )
  })
})

recordings.suite('the replica of the Louvre and the recorded answers', () => {
  let running: RunningReplicas
  let http: Http

  beforeAll(async () => {
    running = await startReplicas([replica])
    http = openHttp(running, [source])
  })
  afterAll(async () => {
    await http.close()
    await running.close()
  })

  async function record(ark: string): Promise<Readonly<Record<string, unknown>>> {
    return (await http.request({ url: `https://collections.louvre.fr/ark:/53355/${ark}.json` })).json() as Readonly<
      Record<string, unknown>
    >
  }

  test('a record has exactly the printed properties, in their order, the space in "modified " included', async () => {
    const printed = [...new Set(printedProperties().map((name) => name.split('.')[0]))]
    expect(printed).toContain('modified ')
    expect(Object.keys(await record('cl010062370'))).toEqual(printed)
  })

  test.each(['cl010062370', 'cl010277627', 'cl020009259'])(
    'the images of %s have the recorded fields and types',
    async (ark) => {
      const recorded = shapeOf(recordings.json(VENUS), ...(recordings.json(ARRAYS) as readonly unknown[]))
      expect(differences((await record(ark))['image'], recorded)).toEqual([])
    },
  )

  describe('addresses of images', () => {
    test('follow the recorded ones: the object and the file for objects, the drawing’s number for drawings', async () => {
      const recorded = (recordings.json(VENUS) as readonly RawImage[]).map(({ urlImage }) => urlImage)
      const own = (await record('cl010277627'))['image'] as readonly RawImage[]
      expect(own.map(({ urlImage }) => urlImage)).toEqual(recorded)
      const drawing = (recordings.json(ARRAYS) as readonly (readonly RawImage[])[])[3]?.map(({ urlImage }) => urlImage)
      expect(((await record('cl020009259'))['image'] as readonly RawImage[]).map(({ urlImage }) => urlImage)).toEqual(
        drawing,
      )
    })
  })
})
