import type { Asset, Candidate, Finding, Meta, RefSpec } from '../../core/source.ts'
import { extensionOf, filenameOf } from '../../kit/file-names.ts'
import { assetKey } from '../../kit/keys.ts'
import { likelyKind } from '../../kit/media-types.ts'
import { childRef } from '../../kit/refs.ts'
import type { Extra, Files, Wall, Work } from './model.ts'
import { compact } from '../../kit/compact.ts'
import { wallOf } from './walls.ts'

const SOURCE = 'deviantart'

/** What may be asked for besides what a listing shows. */
export interface Wishes {
  /** The download button can be used: somebody is logged in, or the API is. */
  readonly canDownload: boolean
  /** The user wants the artists' originals, which count against a weekly quota. */
  readonly originals: boolean
  /** The user wants the pictures inside texts, which cost a request each. */
  readonly texts: boolean
}

/** A work of a listing: its file at once where the listing tells all, else a ref to the work's own page. */
export function listedFindings(work: Work, wishes: Wishes): readonly Finding[] {
  if (work.wall !== undefined) return [unavailable(work)]
  if (work.isText && !wishes.texts) return filesFindings(work)
  if (work.hasMore) return [childRef(refTo(work.id))]
  const keys = [assetKey(SOURCE, work.id), ...work.extras.map(({ media }) => assetKey(SOURCE, work.id, media))]
  if (needsDownload(work) && wishes.canDownload && wishes.originals)
    return [childRef(work.self ?? refTo(work.id), keys)]
  return wholeFindings(work)
}

/** Everything of a work whose own page was read. */
export function wholeFindings(work: Work): readonly Finding[] {
  return [
    ...filesFindings(work),
    ...work.extras.flatMap((extra, index) => extraFindings(work, extra, index)),
    ...work.embedded.flatMap((one) => (one.wall === undefined ? filesFindings(one) : [unavailable(one)])),
    ...work.linked.filter((id) => id !== work.id).map((id) => childRef(refTo(id), [assetKey(SOURCE, id)])),
  ]
}

/** The file behind the download button may be better than what is shown. The quota is not spent where it cannot be. */
export function needsDownload({ download, files }: Work): boolean {
  if (download === undefined) return false
  if (files.candidates[0]?.quality !== 'original') return true
  return download.bytes !== undefined && files.bytes !== undefined && download.bytes !== files.bytes
}

/** The work with the artist's original as the first of its candidates. */
export function withDownload(work: Work, candidate: Candidate): Work {
  const { download, files } = work
  const first = candidate.quality === 'original' ? files.candidates.filter(isNot(candidate)) : files.candidates
  const { width, height, bytes } = { ...download }
  return { ...work, files: { candidates: [candidate, ...first], blurred: false, ...compact({ width, height, bytes }) } }
}

function isNot({ url }: Candidate): (other: Candidate) => boolean {
  return (other) => other.url !== url
}

/** A work's own page: the narrowest ref that yields it again, unless the work names another. */
function refTo(id: number): RefSpec {
  return { source: SOURCE, route: 'deviation', params: { id } }
}

function unavailable({ page, wall }: { readonly page: string; readonly wall?: Wall | undefined }): Finding {
  const { code = 'Gone', why = 'it is not there' } = wall ?? {}
  return { kind: 'unavailable', code, what: page, why }
}

function filesFindings(work: Work): readonly Finding[] {
  const { files } = work
  if (files.candidates.length === 0) return []
  const asset: Asset = {
    key: assetKey(SOURCE, work.id),
    candidates: files.candidates,
    meta: metaOf(work, files),
    refresh: work.self ?? refTo(work.id),
    ...(work.extras.length > 0 && { index: 1 }),
  }
  const found: Finding = { kind: 'asset', asset }
  return work.download !== undefined && files.candidates[0]?.quality === 'preview'
    ? [found, previewNote(work)]
    : [found]
}

function previewNote({ page }: Work): Finding {
  const message = `${page}: of its file a preview picture is shown; the file itself takes a login (--cookies) or the API (clientId), and, where the preview is stored already, --overwrite`
  return { kind: 'note', message }
}

function extraFindings(work: Work, { media, files, filename }: Extra, index: number): readonly Finding[] {
  if (files.blurred) return [unavailable({ page: work.page, wall: wallOf({ isBlurred: true }) })]
  if (files.candidates.length === 0) return []
  const own = work.files.candidates.length > 0 ? 2 : 1
  const asset: Asset = {
    key: assetKey(SOURCE, work.id, media),
    candidates: files.candidates,
    meta: { ...metaOf(work, files), ...compact({ filename }) },
    index: index + own,
    refresh: work.self ?? refTo(work.id),
  }
  return [{ kind: 'asset', asset }]
}

function metaOf(work: Work, { candidates, width, height, bytes }: Files): Meta {
  const url = candidates[0]?.url ?? ''
  const quality = candidates[0]?.quality
  return {
    ...compact({
      title: work.title,
      author: work.author,
      date: work.date,
      description: work.description,
      tags: work.tags,
      rights: work.rights,
      width,
      height,
      bytes,
      kind: likelyKind(url),
      mature: work.mature,
      ai: work.ai,
      quality,
    }),
    page: work.page,
    ...(extensionOf(url) !== '' && { filename: filenameOf(url) }),
  }
}
