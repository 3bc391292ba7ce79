import type { z } from 'zod'
import { loadHtml } from '../../kit/html.ts'
import { parseJson } from '../../kit/json.ts'
import { pathOf } from '../../kit/shape.ts'
import type { WallPage } from './provider.ts'
import { wallOf } from './walls.ts'

export type ReadJson<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly page: WallPage }

/** An answer that should be JSON of this shape. What else comes is a page of HTML, mostly: what it is, is told apart. */
export async function readJson<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): Promise<ReadJson<z.output<Schema>>> {
  const value = parseJson(text)
  if (value === undefined) return { ok: false, page: wallOf(await loadHtml(text)) }
  const read = schema.safeParse(value)
  if (read.success) return { ok: true, value: read.data }
  return { ok: false, page: { kind: 'unknown-layout', where: pathOf(read.error.issues[0]?.path ?? []) } }
}
