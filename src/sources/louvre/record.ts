import { z } from 'zod'
import type { Asset, Meta } from '../../core/source.ts'
import { filenameOf } from '../../kit/file-names.ts'
import { assetKey } from '../../kit/keys.ts'
import { readShape } from '../../kit/shape.ts'

const text = z.string().nullish().catch(undefined)

/** What is not needed to collect is read so that no value of it can fail. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).nullish().catch(undefined)
}

/**
 * A record as `/ark:/53355/clNNNNNNNNN.json` gives it: the documented properties that are of use here. No whole record
 * is recorded; `image` and the names of all properties are (2023, May 2024).
 */
const recordSchema = z.object({
  url: text,
  modified: text,
  /** With a space behind it in the answers of 2024 to 2026, without one in the documentation. */
  'modified ': text,
  title: text,
  titleComplement: text,
  denominationTitle: listOf(z.object({ value: text })),
  displayDateCreated: text,
  dateCreated: listOf(z.object({ startYear: z.union([z.number(), z.string()]).nullish() })),
  /** Documented as `label`; `name` was seen by others. */
  creator: listOf(z.object({ label: text, name: text })),
  currentLocation: text,
  room: text,
  objectNumber: listOf(z.object({ value: z.string(), type: text })),
  collection: text,
  objectType: text,
  description: text,
  materialsAndTechniques: text,
  /** Terms by the name of their index; `[]` in place of an empty object. */
  index: z
    .record(z.string(), z.array(z.object({ value: text })))
    .nullish()
    .catch(undefined),
  /** `[]` where there is none. */
  image: z
    .array(
      z.object({
        urlImage: z.string().min(1),
        copyright: text,
        type: text,
        position: z.number().int().min(0).nullish().catch(undefined),
      }),
    )
    .nullable(),
})

type LouvreRecord = z.output<typeof recordSchema>
type RecordImage = NonNullable<LouvreRecord['image']>[number]

/** Where the museum says under which conditions images may be used; the photographer stands in `credit`. */
const TERMS = 'https://collections.louvre.fr/en/page/cgu'

/** The images of a record, each at the address that the museum gives: others of its kind do not answer. */
export function readRecord(value: unknown, ark: string, url: string): readonly Asset[] {
  const record = readShape(recordSchema, value, { what: `the record ${ark}`, url })
  const about = metaOf(record, ark)
  return (record.image ?? []).map((image, index) => {
    const address = new URL(image.urlImage, url).href
    return {
      key: assetKey('louvre', ark, mediaId(address)),
      // `large` is at most about 1,500 pixels wide; nothing above it is public (2026).
      candidates: [{ url: address, quality: address.includes('/original/') ? 'original' : 'full' }],
      meta: { ...about, ...withoutNothing(imageMeta(image, address)) },
      index: (image.position ?? index) + 1,
      refresh: { source: 'louvre', route: 'record', params: { ark } },
      rules: { expect: 'image' },
    }
  })
}

/** `0000625031_OG.JPG` → `0000625031`, `AGO009259-000_PE.jpg` → `AGO009259-000`: positions change, these do not. */
function mediaId(address: string): string {
  return filenameOf(address).replace(/_[A-Z]{2}$/i, '')
}

function imageMeta(image: RecordImage, address: string): Meta {
  return { credit: image.copyright ?? '', view: image.type ?? '', filename: filenameOf(address), kind: 'image' }
}

function metaOf(record: LouvreRecord, ark: string): Meta {
  const creators = (record.creator ?? [])
    .map(({ label, name }) => label ?? name ?? '')
    .filter((creator) => creator !== '')
  const numbers = record.objectNumber ?? []
  return withoutNothing({
    ark,
    title: titleOf(record),
    author: creators.join('; '),
    description: record.description ?? '',
    date: yearOf(record),
    period: record.displayDateCreated ?? '',
    page: record.url ?? `https://collections.louvre.fr/ark:/53355/${ark}`,
    rights: TERMS,
    collection: record.collection ?? '',
    room: record.room ?? '',
    location: record.currentLocation ?? '',
    objectNumber: (numbers.find(({ type }) => type === 'Numéro principal') ?? numbers[0])?.value ?? '',
    objectType: record.objectType ?? '',
    materials: record.materialsAndTechniques ?? '',
    modified: record['modified '] ?? record.modified ?? '',
    tags: termsOf(record),
  })
}

/** Objects without a title have a denomination at least. */
function titleOf({ title, titleComplement, denominationTitle }: LouvreRecord): string {
  const main = (title ?? '') === '' ? denominationTitle?.[0]?.value : title
  return [main, titleComplement].filter((part) => (part ?? '') !== '').join(', ')
}

/** Each term once, whichever indexes name it. */
function termsOf({ index }: LouvreRecord): readonly string[] {
  const terms = Object.values(index ?? {}).flatMap((entries) => entries.map(({ value }) => value ?? ''))
  return [...new Set(terms)].filter((term) => term !== '')
}

/** The year it was begun in, as ISO 8601 writes years from 1 on; older ones stand in `period`. */
function yearOf(record: LouvreRecord): string {
  const year = Number(record.dateCreated?.[0]?.startYear ?? 0)
  return Number.isInteger(year) && year > 0 ? String(year).padStart(4, '0') : ''
}

function withoutNothing(meta: Meta): Meta {
  const isNothing = (value: Meta[string]): boolean => value === '' || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(meta).filter(([, value]) => !isNothing(value)))
}
