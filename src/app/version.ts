import { readFileSync } from 'node:fs'

/** From package.json, which is two folders up, from the sources and from what is built. */
export const version: string = read()

function read(): string {
  const place = new URL('../../package.json', import.meta.url)
  const { version: found } = JSON.parse(readFileSync(place, 'utf8')) as { readonly version: string }
  return found
}
