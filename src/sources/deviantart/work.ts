import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import { isoDate } from '../../kit/dates.ts'
import { readShape } from '../../kit/shape.ts'
import { filesOf, mediaSchema, NO_FILES } from './media.ts'
import type { Download, Extra, Files, Work } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { plainText } from './plain-text.ts'
import { illustrationsOf } from './text.ts'
import { wallOf } from './walls.ts'

/*
 * The site's own description of a work: in the state of a page (2020 to 2024 recorded) and in the lists of `_puppy`,
 * which hold the same objects. What does not matter is read so that no value of it can fail; what matters is strict.
 */

const text = z.string().nullish().catch(undefined)
const number = z.number().nullish().catch(undefined)
const flag = z.boolean().nullish().catch(undefined)

const markupSchema = z.object({
  excerpt: text,
  html: z.object({ type: text, markup: text }).nullish().catch(undefined),
})

const extendedSchema = z.object({
  deviationUuid: text,
  /** Its `type` was `original` before 2022, the format's name since. */
  originalFile: z.object({ width: number, height: number, filesize: number }).nullish().catch(undefined),
  download: z.object({ url: z.string(), width: number, height: number, filesize: number }).nullish().catch(undefined),
  tags: z
    .array(z.object({ name: z.string() }))
    .nullish()
    .catch(undefined),
  descriptionText: markupSchema.nullish().catch(undefined),
  description: text,
  additionalMedia: z
    .array(
      z.object({ fileId: z.union([z.number(), z.string()]).transform(String), filename: text, media: mediaSchema }),
    )
    .nullish(),
})

/** A number in a page's state, the object itself in lists. */
const author = z.union([
  z.object({ username: z.string() }).transform(({ username }) => username),
  z.union([z.number(), z.string()]).transform(String),
])

const deviationSchema = z.object({
  deviationId: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]),
  type: text,
  url: z.string().min(1),
  title: text,
  isJournal: flag,
  publishedTime: text,
  isDeleted: flag,
  isMature: flag,
  isDownloadable: flag,
  isBlocked: flag,
  blockReasons: z.array(z.string()).nullish().catch(undefined),
  isAiGenerated: flag,
  isMultiMedia: flag,
  license: text,
  tierAccess: text,
  premiumFolderData: z.object({ type: text, hasAccess: flag }).nullish().catch(undefined),
  author,
  media: mediaSchema.nullish(),
  textContent: markupSchema.nullish().catch(undefined),
  extended: z.unknown().optional(),
})

type Deviation = z.output<typeof deviationSchema>
type Extended = z.output<typeof extendedSchema>

/** What an object leaves to be looked up: names by number, and what only the work's own page tells. */
export interface Lookup {
  readonly authors?: Readonly<Record<string, string>>
  readonly extended?: unknown
}

/** Reads one work; `extended` stands in it, beside it, or is missing in lists. */
export async function readWork(value: unknown, url: string, lookup: Lookup = {}): Promise<Work> {
  const what = 'a work of DeviantArt'
  const deviation = readShape(deviationSchema, value, { what, url })
  const beside = lookup.extended ?? (typeof deviation.extended === 'object' ? deviation.extended : undefined)
  const extended =
    beside === undefined || beside === null
      ? undefined
      : readShape(extendedSchema, beside, { what: `${what}, extended,`, url })
  const { deviationId: id, media } = deviation
  const isText = deviation.isJournal === true || deviation.type === 'journal' || deviation.type === 'literature'
  const isSilent = !isText && isNothing(deviation.textContent)
  const files = withOriginal(isNothing(media) ? NO_FILES : filesOf(media, id), extended)
  const wall = wallOf({
    isDeleted: deviation.isDeleted === true,
    isBlocked: deviation.isBlocked === true,
    reasons: deviation.blockReasons ?? [],
    isLocked: deviation.tierAccess === 'locked' || deviation.premiumFolderData?.hasAccess === false,
    premium: deviation.premiumFolderData?.type ?? undefined,
    isBlurred: files.blurred,
    // Of what is no text a list may tell less than the work's own page; where that tells no file either, it is not known why.
    isBare: isSilent && extended !== undefined && files.candidates.length === 0,
  })
  const inside = isText && extended !== undefined ? await readText(deviation, url) : NO_TEXT
  return {
    id,
    page: deviation.url,
    isText,
    files,
    ...about(deviation, extended, lookup),
    ...(wall !== undefined && { wall }),
    ...(deviation.isDownloadable === true && { download: downloadOf(extended) }),
    ...inside,
    extras: [...extrasOf(extended, id), ...inside.extras],
    hasMore:
      extended === undefined &&
      (isText || deviation.isMultiMedia === true || (isSilent && files.candidates.length === 0)),
  }
}

const NO_TEXT: Pick<Work, 'extras' | 'embedded' | 'linked'> = { extras: [], embedded: [], linked: [] }

async function readText({ textContent, deviationId, url: page }: Deviation, url: string): Promise<typeof NO_TEXT> {
  const markup = textContent?.html?.markup ?? ''
  const { extras, linked, embedded } = await illustrationsOf(markup, deviationId, page)
  const works = await Promise.all(embedded.map((value) => readEmbedded(value, url)))
  return {
    extras,
    linked: [...linked, ...works.filter((work) => typeof work === 'number')],
    embedded: works.filter((work) => typeof work === 'object').filter(({ id }) => id !== deviationId),
  }
}

/** A work that a text shows; where its description is too short to be read, its number. */
async function readEmbedded(value: unknown, url: string): Promise<Work | number | undefined> {
  try {
    return await readWork(value, url)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    const named = z.object({ deviationId: z.coerce.number().int().positive() }).safeParse(value)
    return named.success ? named.data.deviationId : undefined
  }
}

function about(deviation: Deviation, extended: Extended | undefined, { authors = {} }: Lookup): Partial<Work> {
  const { author: name, license } = deviation
  return compact({
    uuid: extended?.deviationUuid,
    title: deviation.title,
    author: /^\d+$/.test(name) ? authors[name] : name,
    date: isoDate(deviation.publishedTime),
    description: plainText(
      extended?.descriptionText?.html?.type === 'writer'
        ? (extended.descriptionText.html.markup ?? '')
        : (extended?.descriptionText?.excerpt ?? extended?.description ?? ''),
    ),
    tags: extended?.tags?.map((tag) => tag.name),
    rights: license === 'none' ? undefined : license,
    mature: deviation.isMature,
    ai: deviation.isAiGenerated,
  })
}

/** The upload's measures, where the first candidate is the upload and does not tell them itself. */
function withOriginal(files: Files, extended: Extended | undefined): Files {
  const original = extended?.originalFile
  if (files.candidates[0]?.quality !== 'original' || original === undefined || original === null) return files
  return { ...files, ...compact({ width: original.width, height: original.height, bytes: original.filesize }) }
}

function downloadOf(extended: Extended | undefined): Download {
  const download = extended?.download
  if (download === undefined || download === null) return {}
  const expires = Number(URL.parse(download.url)?.searchParams.get('ts') ?? Number.NaN) * 1000
  return {
    candidate: { url: download.url, quality: 'original', ...(Number.isFinite(expires) && { expires }) },
    ...compact({ width: download.width, height: download.height, bytes: download.filesize }),
  }
}

function extrasOf(extended: Extended | undefined, id: number): readonly Extra[] {
  return (extended?.additionalMedia ?? []).map(({ fileId, filename, media }) => ({
    media: fileId,
    files: filesOf(media, id),
    ...compact({ filename }),
  }))
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined
}
