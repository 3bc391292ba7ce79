import { z } from 'zod'

/*
 * Lofter's answers come from three generations of one program: numbers may be digits, lists may be JSON in a text, absent
 * things are null, "" or left out. What does not matter is read so that no value of it can fail; what matters is strict.
 */

export const text = z.string().nullish().catch(undefined)

const digits = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number)

/** A number, or its digits. */
export const number = z.union([z.number(), digits]).nullish().catch(undefined)

/** A number that must be there. */
export const wholeNumber = z.union([z.number().int(), digits])

export const flag = z
  .union([z.boolean(), z.number().transform((value) => value !== 0)])
  .nullish()
  .catch(undefined)

/** Tags as `a,b,c` or as a list. */
export const tagList = z
  .union([z.array(z.string()), z.string().transform((tags) => tags.split(','))])
  .nullish()
  .catch(undefined)
  .transform((tags) => (tags ?? []).map((tag) => tag.trim()).filter((tag) => tag !== ''))

/** A list that is there as such, or as JSON in a text (empty for none). */
export function listInText<Item extends z.ZodType>(item: Item) {
  return z.preprocess(parsed, z.array(item).nullish())
}

/** An object that is there as such, or as JSON in a text. */
export function objectInText<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.preprocess(parsed, z.object(shape).nullish())
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value.trim() === '') return undefined
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** `/…/1faf7c47_34cbb4c8e` or the id alone. */
export const permalink = text.transform((value) => /([0-9a-f]+_[0-9a-f]+)\/?$/i.exec(value ?? '')?.[1]?.toLowerCase())

/** Who the post belongs to. */
export const blogInfo = z
  .object({ blogName: text, blogNickName: text })
  .nullish()
  .catch(undefined)
  .transform((blog) => ({
    ...(blog?.blogName ? { name: blog.blogName.toLowerCase() } : {}),
    ...(blog?.blogNickName ? { title: blog.blogNickName.trim() } : {}),
  }))

/** Of an image; `orign` is how the site spells it. A bare text is one, too. */
export const photoLink = z.union([
  z.string().transform((orign) => ({ orign })),
  z.object({ orign: text, raw: text, ow: number, oh: number, rw: number, rh: number }),
])

export type PhotoLink = z.output<typeof photoLink>
