import type { MediaFile } from './media.ts'
import type { Request } from './replica.ts'

/** One answer about a file, by the rules of RFC 9110 (conditional requests and a single byte range). */
export interface FileAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The same for every file of a replica: long ago, so that it is a strong validator. */
const LAST_MODIFIED = new Date(Date.UTC(2020, 5, 1, 12)).toUTCString()

const NOTHING = new Uint8Array()

export function answerFile(request: Request, file: MediaFile): FileAnswer {
  const etag = `"${file.sha256.slice(0, 32)}"`
  const validators = { etag, 'last-modified': LAST_MODIFIED, 'accept-ranges': 'bytes' }
  if (isUnchanged(request, etag)) return { status: 304, headers: validators, body: NOTHING }
  const range = rangeHolds(request, etag) ? readRange(request.headers['range'], file.bytes.length) : undefined
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { 'content-range': `bytes */${file.bytes.length}` }, body: NOTHING }
  }
  const headers = { 'content-type': file.mime, ...validators }
  if (range === undefined) return { status: 200, headers, body: file.bytes }
  const contentRange = `bytes ${range.first}-${range.last}/${file.bytes.length}`
  return {
    status: 206,
    headers: { ...headers, 'content-range': contentRange },
    body: file.bytes.subarray(range.first, range.last + 1),
  }
}

function isUnchanged(request: Request, etag: string): boolean {
  const known = request.headers['if-none-match']
  if (known !== undefined) return known.split(',').some((value) => value.trim().replace(/^W\//, '') === etag)
  const since = request.headers['if-modified-since']
  return since !== undefined && Date.parse(since) >= Date.parse(LAST_MODIFIED)
}

/** `If-Range` compares strongly: a weak tag, another tag or another date asks for the whole file. */
function rangeHolds(request: Request, etag: string): boolean {
  const condition = request.headers['if-range']
  return condition === undefined || condition === etag || condition === LAST_MODIFIED
}

function readRange(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly last: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first >= size || first > last ? 'unsatisfiable' : { first, last }
}
