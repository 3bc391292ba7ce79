import { z } from 'zod'
import type { Option } from './option.ts'
import { LASTING_NAMES, optionOf, SOURCE_OVERRIDES, type OptionName } from './options.ts'
import { AGENT, CONNECT_TO, HEADER, isProxy, parseHeader, parseSize, parseSpan, SIZE, SPAN } from './values.ts'

export type SourceSchemas = Readonly<Record<string, z.ZodObject>>

/** One value of an option: what the file may hold goes in, what settings hold comes out. */
function valueSchema(option: Option): z.ZodType {
  switch (option.kind) {
    case 'switch':
      return z.boolean()
    case 'count':
      return z.int().min(option.least ?? 0)
    case 'number':
      return z.number().positive()
    case 'seconds':
      return z
        .number()
        .positive()
        .max(86_400)
        .transform((seconds) => Math.ceil(seconds * 1000))
    case 'size':
      return sizeSchema(option.least ?? 0)
    case 'span':
      return z
        .union([z.int().min(1), z.string().regex(SPAN)])
        .transform((span, context) => parseSpan(span) ?? refuse(context))
    case 'choice':
      return z.enum(option.choices ?? [])
    case 'url':
      return z.string().refine(isProxy)
    case 'header':
      return z
        .string()
        .regex(HEADER)
        .transform((line, context) => parseHeader(line) ?? refuse(context))
    case 'connect-to':
      return z.string().regex(CONNECT_TO)
    case 'agent':
      return z.string().regex(AGENT)
    case 'expression':
      return z.string().min(1)
    case 'text':
    case 'path':
      return z
        .string()
        .min(1)
        .refine((text) => !/[\r\n\0]/.test(text))
    case 'template':
      return z.string()
  }
}

function sizeSchema(least: number): z.ZodType {
  return z.union([z.int().min(least), z.string().regex(SIZE)]).transform((size, context) => {
    const bytes = parseSize(size)
    return bytes === undefined || bytes < least ? refuse(context) : bytes
  })
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'not allowed' })
  return z.NEVER
}

/** An option as the configuration file may say it; a repeatable one is a list, or one value. */
export function optionSchema(name: OptionName): z.ZodType {
  const option = optionOf(name)
  const value = valueSchema(option)
  return option.repeatable === true ? z.union([z.array(value), value.transform((one) => [one])]) : value
}

function described(name: OptionName): z.ZodType {
  const { about, keyAbout = about, example, default: standard } = optionOf(name)
  return optionSchema(name)
    .optional()
    .describe(keyAbout)
    .meta({
      ...(standard === undefined ? {} : { default: standard }),
      ...(example === undefined ? {} : { examples: [example] }),
    })
}

/** The whole configuration file, for `config schema`. */
export function fileSchema(sources: SourceSchemas): z.ZodObject {
  const overrides = Object.fromEntries(SOURCE_OVERRIDES.map((name) => [name, described(name)]))
  const sections = Object.entries(sources).map(([name, schema]) => [
    name,
    schema.partial().extend(overrides).strict().optional(),
  ])
  return z.strictObject({
    ...Object.fromEntries(LASTING_NAMES.map((name) => [name, described(name)])),
    sources: z.strictObject(Object.fromEntries(sections)).optional().describe('options and overrides by source'),
  })
}

/** JSON Schema of the configuration file, for editors. */
export function jsonSchema(sources: SourceSchemas): object {
  return z.toJSONSchema(fileSchema(sources), { io: 'input', unrepresentable: 'any' })
}
