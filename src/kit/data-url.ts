import parseDataUrl from 'data-urls'

export interface DataUrl {
  /** Normalised, with parameters. */
  readonly mime: string
  readonly bytes: Uint8Array
}

/** Behind that many characters no media type goes on; the library needs square time for longer ones. */
const MOST_TYPE_CHARACTERS = 512

/** What a `data:` URL holds, by the Fetch standard; nothing where it is none. */
export function decodeDataUrl(url: string): DataUrl | undefined {
  const comma = url.slice(0, MOST_TYPE_CHARACTERS).indexOf(',')
  if (comma < 0) return undefined
  const parsed = parseDataUrl(url)
  return parsed === null ? undefined : { mime: parsed.mimeType.toString(), bytes: parsed.body }
}
