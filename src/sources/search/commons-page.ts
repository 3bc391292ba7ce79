import { z } from 'zod'
import type { Json } from '../../core/glossary.ts'
import { isoDate } from '../../kit/dates.ts'
import { filenameOf, stemOf } from '../../kit/file-names.ts'
import { loadHtml } from '../../kit/html.ts'
import { resolveLink } from '../../kit/links.ts'
import { likelyKind } from '../../kit/media-types.ts'
import type { Result } from './provider.ts'

/** Values are HTML, numbers or texts. */
const valueSchema = z.object({ value: z.union([z.string(), z.number(), z.boolean()]) })

const infoSchema = z.object({
  url: z.string(),
  descriptionurl: z.string().optional(),
  thumburl: z.string().optional(),
  size: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  mime: z.string().optional(),
  mediatype: z.string().optional(),
  sha1: z.string().optional(),
  extmetadata: z.union([z.record(z.string(), valueSchema), z.array(z.never())]).optional(),
})

type Info = z.output<typeof infoSchema>

const pageSchema = z.object({
  pageid: z.number().optional(),
  title: z.string(),
  /** The place among the results: pages come in any order. */
  index: z.number().optional(),
  imageinfo: z.array(infoSchema).optional(),
})

type CommonsPage = z.output<typeof pageSchema>

/** An answer of the interface, in both of its versions: pages are a list, or an object by their ids. */
export const answerSchema = z.object({
  error: z.object({ code: z.string(), info: z.string().optional(), lag: z.number().optional() }).optional(),
  batchcomplete: z.union([z.boolean(), z.string()]).optional(),
  continue: z.record(z.string(), z.json()).optional(),
  query: z
    .object({
      pages: z.union([
        z.array(pageSchema),
        z.record(z.string(), pageSchema).transform((pages) => Object.values(pages)),
      ]),
    })
    .optional(),
})

export type CommonsAnswer = z.output<typeof answerSchema>

/** Pictures and drawings; what else a search may find is no image. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(['BITMAP', 'DRAWING'])

/**
 * Puts the answers of one batch together: a property that did not fit comes behind, in pages without what was given
 * before. Pages are told apart by their ids.
 */
export function mergePages(answers: readonly CommonsAnswer[]): readonly CommonsPage[] {
  const pages = new Map<string, CommonsPage>()
  for (const page of answers.flatMap(({ query }) => query?.pages ?? [])) {
    const id = String(page.pageid ?? page.title)
    const known = pages.get(id)
    const imageinfo = page.imageinfo ?? known?.imageinfo
    pages.set(id, { ...known, ...page, ...(imageinfo !== undefined && { imageinfo }) })
  }
  return [...pages.values()].toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
}

/** The images of a batch in their order. Pages without a file (deleted, hidden) are passed over. */
export async function readPages(pages: readonly CommonsPage[]): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const { pageid, title, imageinfo } of pages) {
    const info = imageinfo?.[0]
    if (info === undefined || !isImage(info)) continue
    results.push(await resultOf(String(pageid ?? title), title, info))
  }
  return results
}

function isImage({ mediatype, url }: Info): boolean {
  return mediatype === undefined ? likelyKind(url) === 'image' : IMAGE_TYPES.has(mediatype)
}

async function resultOf(id: string, pageTitle: string, info: Info): Promise<Result> {
  const { url, descriptionurl: page, thumburl, width, height, size: bytes, mime, sha1 } = info
  return {
    id,
    url,
    quality: 'original',
    ...(thumburl !== undefined && { thumbnail: thumburl }),
    meta: {
      ...(await creditOf(info)),
      ...(page !== undefined && { page }),
      ...(width !== undefined && height !== undefined && { width, height }),
      ...(bytes !== undefined && { bytes }),
      ...(mime !== undefined && { mime }),
      ...(sha1 !== undefined && { sha1 }),
      // `File:` may be written in any language.
      filename: stemOf(pageTitle.replace(/^[^:]+:/, '')) || filenameOf(url),
    },
  }
}

/** Who made it, how it may be used, and what it shows. */
async function creditOf({ extmetadata = {} }: Info): Promise<Readonly<Record<string, Json>>> {
  const given = Array.isArray(extmetadata) ? {} : extmetadata
  const read = (name: string): Promise<string> => plainText(String(given[name]?.value ?? ''))
  const [title, author, description, attribution, origin, shortName, terms, date] = await Promise.all(
    [
      'ObjectName',
      'Artist',
      'ImageDescription',
      'Attribution',
      'Credit',
      'LicenseShortName',
      'UsageTerms',
      'DateTimeOriginal',
    ].map(read),
  )
  const licenseUrl = resolveLink(String(given['LicenseUrl']?.value ?? ''), 'https://commons.wikimedia.org/')
  const tags = String(given['Categories']?.value ?? '')
    .split('|')
    .filter((tag) => tag !== '')
  const fields = {
    title,
    author,
    description,
    credit: attribution || author,
    rights: shortName || terms,
    licenseUrl,
    origin,
    date: isoDate(date),
    tags: tags.length === 0 ? undefined : tags,
  }
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  )
}

/** The text of a piece of HTML, without what it hides, in one line. */
async function plainText(markup: string): Promise<string> {
  if (!/[<&]/.test(markup)) return markup.trim()
  const $ = await loadHtml(markup)
  $('[style*="display: none"], [style*="display:none"], style, script').remove()
  return $('body').text().replace(/\s+/g, ' ').trim()
}
