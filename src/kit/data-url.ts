import parseDataUrl from 'data-urls'

export interface DataUrl {
  /** Normalised, with parameters. */
  readonly mime: string
  readonly bytes: Uint8Array
}

/** What a `data:` URL holds, by the Fetch standard; nothing where it is none. */
export function decodeDataUrl(url: string): DataUrl | undefined {
  const parsed = parseDataUrl(url)
  return parsed === null ? undefined : { mime: parsed.mimeType.toString(), bytes: parsed.body }
}

/** About how many bytes a `data:` URL holds, without decoding it. */
export function dataUrlSize(url: string): number {
  const comma = url.indexOf(',')
  if (comma < 0) return 0
  const length = url.length - comma - 1
  return /;\s*base64\s*$/i.test(url.slice(0, comma)) ? Math.floor((length * 3) / 4) : length
}
