import { z } from 'zod'
import type { Meta } from '../../core/source.ts'
import type { Result } from './provider.ts'
import { parseJson } from '../../kit/json.ts'

/**
 * In every layout since 2020 a result stands in the page's data as
 * `[0,"ID",["THUMBNAIL",height,width],["FULL",height,width],…,{"2003":[…],…}]`; what changes is what stands around it: the
 * `ds:N` of an AF_initDataCallback (2020 to 2023), a fixed key (to 2024), a key of the session (to 2026). So it is looked
 * for by its own shape. Recorded 2020, and 2019 inside a string; the later forms are known from the sheet alone
 * (unverified).
 */
const TEXT = '"((?:[^"\\\\]|\\\\.)*)"'
const PICTURE = `\\[\\s*${TEXT}\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\]`
const RESULT = new RegExp(`\\[\\s*-?\\d+\\s*,\\s*"([^"\\\\]{1,64})"\\s*,\\s*${PICTURE}\\s*,\\s*${PICTURE}`, 'g')

/** What is left where the beginning of the tuple is another one day: the full image before its colour. */
const BARE = new RegExp(`${PICTURE}\\s*,[^,[\\]"]*,[^,[\\]"]*,\\s*"rgb\\(`, 'g')

/** A script fetches further results as a string inside a string, one or two levels deep. */
const MOST_LEVELS = 3

/** Characters of one result at most; it has about a thousand. */
const MOST_OF_ONE = 20_000

/** The results in the data of a page and of what its scripts fetched, each once, in their order. */
export function tuplesOf(texts: readonly string[]): readonly Result[] {
  const found = new Map<string, Result>()
  for (const text of texts) {
    for (const level of levelsOf(text)) {
      for (const result of read(level)) if (!found.has(result.id ?? '')) found.set(result.id ?? '', result)
    }
  }
  return [...found.values()]
}

/** A text, and what it is when escaped quotes are taken for quotes, as far as there are some before addresses. */
function levelsOf(text: string): readonly string[] {
  const levels = [text]
  for (let level = text; levels.length < MOST_LEVELS && /\\+(?:"|x22)https?:/.test(level);) {
    level = unescape(level)
    levels.push(level)
  }
  return levels
}

/** One level of escapes off; that a line ends is no more than a blank between values. */
function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|u(00[0-7][0-9a-fA-F])|([nrt])|(["'\\/]))/g, (_all, ...parts) => {
    const [hex, unicode, blank, plain] = parts.map((part: unknown) => (typeof part === 'string' ? part : undefined))
    if (blank !== undefined) return ' '
    return plain ?? String.fromCharCode(Number.parseInt(hex ?? unicode ?? '', 16))
  })
}

function* read(text: string): Iterable<Result> {
  let isBare = true
  for (const match of text.matchAll(RESULT)) {
    isBare = false
    const [, id = '', thumbnail = '', , , full = '', height, width] = match
    const meta = metaOf(arrayAt(text, match.index))
    yield resultOf({ id, thumbnail, full, height, width }, meta)
  }
  if (!isBare) return
  for (const [, full = '', height, width] of text.matchAll(BARE)) {
    yield resultOf({ id: full, thumbnail: '', full, height, width }, {})
  }
}

interface Tuple {
  readonly id: string
  readonly thumbnail: string
  readonly full: string
  readonly height: string | undefined
  readonly width: string | undefined
}

function resultOf({ id, thumbnail, full, height, width }: Tuple, meta: Meta): Result {
  const url = address(full)
  const small = address(thumbnail)
  const [pixelsHigh, pixelsWide] = [Number(height), Number(width)]
  return {
    id: id.replace(/:$/, ''),
    ...(url !== undefined && !isThumbnail(url) && { url }),
    ...(small !== undefined && { thumbnail: small }),
    ...(meta.page !== undefined && { referer: meta.page }),
    meta: { ...meta, ...(pixelsHigh > 0 && pixelsWide > 0 && { width: pixelsWide, height: pixelsHigh }) },
  }
}

/** What Google keeps itself is never the full image. */
export function isThumbnail(url: string): boolean {
  return /^https?:\/\/[^/]*\bgstatic\.com\//.test(url)
}

/** The text of a JSON string; decoded once more where an escape remains. */
function address(text: string): string | undefined {
  const once = decode(text)
  const url = /\\u[0-9a-fA-F]{4}/.test(once) ? decode(once) : once
  return /^https?:\/\//.test(url) ? url : undefined
}

function decode(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}

/** Numbers are the names of what is told of a result: of its page (2003), its short title (2008). */
const factsSchema = z.record(z.string(), z.unknown())

function metaOf(tuple: readonly unknown[]): Meta {
  const facts = tuple.map((part) => factsSchema.safeParse(part)).find(({ success }) => success)?.data ?? {}
  const [, , page, title, , , , , , , , , site] = listOf(facts['2003'])
  const [, short] = listOf(facts['2008'])
  const name = textOf(title) ?? textOf(short)
  const place = textOf(page)
  const host = textOf(site)
  return {
    ...(name !== undefined && { title: name }),
    ...(place !== undefined && { page: place }),
    ...(host !== undefined && { credit: host }),
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The JSON array that begins at a place of a text; empty where none ends in good time. */
function arrayAt(text: string, begin: number): readonly unknown[] {
  let depth = 0
  let isText = false
  for (let at = begin; at < Math.min(text.length, begin + MOST_OF_ONE); at += 1) {
    const character = text[at]
    if (character === '\\') at += 1
    else if (character === '"') isText = !isText
    else if (isText) continue
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
    if (depth === 0) return listOf(parseJson(text.slice(begin, at + 1)))
  }
  return []
}
