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
