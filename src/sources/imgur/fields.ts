import { z } from 'zod'

/*
 * Imgur's answers have changed types over the years: ids are numbers or digits, `views` is text, absent things are
 * null, "" or left out. What does not matter is read so that no value of it can fail; what matters is strict.
 */

/** An id or hash that must be there. */
export const id = z.union([z.string().min(1), z.number()]).transform(String)

/** A text; a number where somebody named something so. */
export const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(undefined)

/** How many or how large: a number, or its digits. */
export const number = z
  .union([
    z.number().min(0),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .nullish()
  .catch(undefined)

/** Yes or no; 1 and 0, as numbers or as text, where a database spoke. */
export const flag = z
  .union([
    z.boolean(),
    z.literal([0, 1]).transform((digit) => digit === 1),
    z.literal(['0', '1', 'false', 'true']).transform((word) => word === '1' || word === 'true'),
  ])
  .nullish()
  .catch(undefined)

/** Names of tags: texts (`"0"` stands for none) or objects of three generations. */
export const tags = z
  .array(
    z.union([
      z.string(),
      z
        .object({ tag: text, name: text, display: text, display_name: text })
        .transform((tag) => tag.tag ?? tag.name ?? tag.display ?? ''),
    ]),
  )
  .nullish()
  .catch(undefined)
  .transform((names) => names?.filter((name) => name !== '' && name !== '0'))

/** Unix seconds as ISO 8601. */
export function dateOfSeconds(seconds: number | null | undefined): string | undefined {
  return seconds === null || seconds === undefined ? undefined : new Date(seconds * 1000).toISOString()
}

/** `2017-05-05 14:42:36` as ISO 8601; the site's pages print UTC. */
export function dateOfText(printed: string | null | undefined): string | undefined {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(printed ?? '') ? `${printed?.replace(' ', 'T')}Z` : undefined
}
