import type { z } from 'zod'
import { Fault } from '../core/errors.ts'

/** Reads a parsed answer by its schema; where it does not fit, a `SiteChanged` fault names the first place. */
export function readShape<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  from: { readonly what: string; readonly url: string },
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = pathOf(issue?.path ?? [])
  throw new Fault(
    'SiteChanged',
    `${from.what} no longer has the known shape at ${where}: ${issue?.message ?? 'unknown'}`,
    {
      url: from.url,
      where,
      advice: 'look for a newer version of bowerbird, or report this',
    },
  )
}

/** `$.data[3].hash`, as JSONPath writes it. */
export function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => text + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`), '$')
}
