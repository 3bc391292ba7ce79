import { Fault } from '../../core/errors.ts'
import { parseJson } from '../../kit/json.ts'
import { isKeyword, tidyKeyword } from './keyword.ts'
import { parsePythonLiteral, PythonSyntaxError } from './python-literal.ts'

/** What an index tells: the URLs of each keyword, in the order in which they were listed. */
export type KeywordUrls = ReadonlyMap<string, readonly string[]>

/**
 * Reads an index: a JSON object, or a dict as Python prints it, of keyword → list of URLs. Throws `Usage` with the line
 * of what is wrong.
 */
export function readIndex(text: string, name: string): KeywordUrls {
  const index = new Map<string, readonly string[]>()
  for (const [written, urls] of entriesOf(text, name)) {
    const keyword = tidyKeyword(written)
    if (!isKeyword(keyword)) throw refused(name, `${JSON.stringify(written.slice(0, 60))} is no keyword`)
    if (!Array.isArray(urls) || !urls.every((url): url is string => typeof url === 'string'))
      throw refused(name, `what stands under ${JSON.stringify(keyword.slice(0, 60))} is no list of URLs`)
    index.set(keyword, [...new Set([...(index.get(keyword) ?? []), ...urls])])
  }
  return index
}

function entriesOf(text: string, name: string): Iterable<readonly [string, unknown]> {
  const value = parseJson(text) ?? parsePython(text, name)
  if (value instanceof Map) return value as ReadonlyMap<string, unknown>
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(name, 'it is no object')
  return Object.entries(value)
}

function parsePython(text: string, name: string): unknown {
  try {
    return parsePythonLiteral(text)
  } catch (thrown) {
    if (!(thrown instanceof PythonSyntaxError)) throw thrown
    const line = text.slice(0, thrown.at).split('\n').length
    throw refused(`${name}:${line}`, `neither JSON nor a dict of Python (${thrown.message})`, thrown)
  }
}

function refused(place: string, why: string, cause?: unknown): Fault {
  return new Fault('Usage', `${place} is no index of keywords and URLs: ${why}`, {
    advice: 'an index is {"keyword": ["URL", ...], ...}, as `bowerbird search` writes it',
    ...(cause !== undefined && { cause }),
  })
}
