import robotsModule from 'robots-parser'

interface Robot {
  isAllowed(url: string, agent: string): boolean | undefined
}

// The package exports the function itself, which its declarations do not say.
const parseRobots = robotsModule as unknown as (url: string, text: string) => Robot

/** A record that has a meaning for us. The colon is missing often enough that Google reads the line without it, too. */
const RECORD = /^(user-agent|allow|disallow)(?:\s*:|\s)(.*)$/i

/** RFC 9309 section 2.2.1: what stands in front of versions and remarks. */
const PRODUCT_TOKEN = /^[a-z_-]+/i

/** Percent-encoded characters that mean the same when they are written plainly: RFC 3986 section 2.3. */
const UNRESERVED = /%(?:2d|2e|5f|7e|3\d|[46][1-9a-f]|[57][0-9a]|4f|6f)/gi

/**
 * Reads a robots.txt by RFC 9309: whether the agent may fetch a URL of its origin. The library knows how patterns match
 * and which of them wins. Groups are read here, because in its eyes any other record ends one, and because it keeps a
 * copy of each rule for each name: 500 KiB of both are gigabytes then.
 */
export function parseRules(place: string, text: string, agent: string): (url: URL) => boolean {
  const robot = parseRobots(place, ['user-agent: *', ...rulesFor(agent, text)].join('\n'))
  return (url) => robot.isAllowed(`${url.origin}${normalPath(`${url.pathname}${url.search}`)}`, '*') ?? true
}

/** The rules of all groups of the agent; where it has none, of those for everybody. */
function rulesFor(agent: string, text: string): readonly string[] {
  const rules: Record<Reader, string[]> = { own: [], everybody: [], other: [] }
  const group = new Set<Reader>()
  let named = false
  let complete = false
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const [, kind = '', value = ''] = RECORD.exec(line.replace(/#.*$/, '').trim()) ?? []
    if (kind === '') continue
    if (kind.toLowerCase() === 'user-agent') {
      if (complete) group.clear()
      const reader = readerOf(value.trim(), agent)
      group.add(reader)
      named ||= reader === 'own'
    } else for (const reader of group) rules[reader].push(`${kind}: ${normalPath(value.trim())}`)
    complete = kind.toLowerCase() !== 'user-agent'
  }
  return named ? rules.own : rules.everybody
}

/** Whom a group is for. */
type Reader = 'own' | 'everybody' | 'other'

function readerOf(name: string, agent: string): Reader {
  if (/^\*(\s|$)/.test(name)) return 'everybody'
  return PRODUCT_TOKEN.exec(name)?.[0].toLowerCase() === agent ? 'own' : 'other'
}

/** RFC 9309 section 2.2.2: encoded and plain are the same, but for characters that have a meaning in URLs. */
function normalPath(path: string): string {
  const encoded = encodeURI(path.toWellFormed()).replaceAll('%25', '%')
  return encoded
    .replace(UNRESERVED, (octet) => String.fromCharCode(Number.parseInt(octet.slice(1), 16)))
    .replace(/%[0-9a-f]{2}/gi, (octet) => octet.toUpperCase())
}
