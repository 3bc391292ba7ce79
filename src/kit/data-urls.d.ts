/** The package has no types of its own. */
declare module 'data-urls' {
  /** `null` where the text is no valid `data:` URL. */
  export default function parseDataUrl(
    url: string,
  ): { readonly mimeType: { readonly essence: string; toString(): string }; readonly body: Uint8Array } | null
}
