import { Fault } from '../../core/errors.ts'
import type { Entry } from './model.ts'
import { pictureOf, readPost } from './post-v1.ts'
import { refuseRegion } from './requests.ts'
import { readItem } from './web-2017.ts'

/**
 * What a page of imgur.com (`/ID`, `/a/ID`, `/gallery/ID`) holds in its scripts: in today's layout a post object as
 * a JavaScript text, in the old one an object behind `item:` or `image:`. No page is recorded; both forms are
 * known from programs that read them in 2026.
 */
export function readPage(html: string, url: string): Entry {
  const literal = /window\.postDataJSON\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/s.exec(html)?.[1]
  if (literal !== undefined) return readPostData(literal, url)
  const start = /(?:\bitem|\bimage)\s*:\s*(?=\{")/.exec(html)
  if (start !== null) return readItem(parse(objectAt(html, start.index + start[0].length), url), url)
  if (html.includes('btn-wall--yes')) {
    throw new Fault('NeedsLogin', 'imgur shows this post only to people who are logged in', {
      url,
      advice: 'give cookies of a session with --cookies',
    })
  }
  refuseRegion(html, url)
  throw new Fault('SiteChanged', 'the imgur page holds no description of its post', {
    url,
    where: 'window.postDataJSON',
  })
}

function readPostData(literal: string, url: string): Entry {
  const post = readPost(parse(String(parse(toJsonText(literal), url)), url), url)
  const picture = pictureOf(post)
  return picture === undefined ? { kind: 'album', album: post } : { kind: 'picture', picture }
}

/** A JavaScript text as JSON has it: in double quotes, and `'` without a backslash. */
function toJsonText(literal: string): string {
  const body = literal.slice(1, -1).replaceAll(/\\(.)|"/gs, (found: string, escaped: string | undefined) => {
    if (escaped === undefined) return String.raw`\"`
    return escaped === "'" ? "'" : found
  })
  return `"${body}"`
}

/** The JSON object that begins at an index: up to the brace that closes it, braces in texts apart. */
function objectAt(source: string, start: number): string {
  let depth = 0
  let quoted = false
  for (let index = start; index < source.length; index += 1) {
    const character = source[index]
    if (quoted && character === '\\') index += 1
    else if (character === '"') quoted = !quoted
    else if (!quoted && character === '{') depth += 1
    else if (!quoted && character === '}') depth -= 1
    if (depth === 0) return source.slice(start, index + 1)
  }
  return source.slice(start)
}

function parse(json: string, url: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new Fault('SiteChanged', 'the description of the post in the imgur page is no JSON', {
      url,
      where: 'window.postDataJSON',
      cause,
    })
  }
}
