import { readFileSync } from 'node:fs'

/** From package.json, which is two folders up from the sources and three from what is built. */
export const version: string = read()

function read(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version: found } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >
      if (name === 'bowerbird' && typeof found === 'string') return found
    } catch {
      continue
    }
  }
  return '0.0.0'
}
