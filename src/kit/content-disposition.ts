import { parse } from 'content-disposition'

/**
 * The file name that a `Content-Disposition` header gives, leniently: `filename*` before `filename`, only the part
 * behind the last separator. It is the server's word: not yet safe to use as a name.
 */
export function dispositionFilename(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const { parameters } = parse(header)
  const name = parameters['filename']?.split(/[/\\]/).at(-1)?.trim()
  return name === undefined || name === '' ? undefined : name
}
