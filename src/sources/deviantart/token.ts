import { z } from 'zod'
import { parseJson } from '../../kit/json.ts'

/** What a media token allows. It is read to know what to ask for; it is never changed or made. */
export interface MediaToken {
  /** `file.download`: the file as it is; `image.operations`: renderings within a box; `image.watermark`: marked ones. */
  readonly audiences: readonly string[]
  /** Paths of the files that it is for. */
  readonly paths: readonly string[]
  /** Unix milliseconds. Tokens of pages have none, those of downloads about ten minutes. */
  readonly expires?: number
}

const payloadSchema = z.object({
  aud: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  obj: z
    .array(z.array(z.object({ path: z.string().optional().catch(undefined) })))
    .optional()
    .catch(undefined),
  exp: z.number().optional().catch(undefined),
})

const SERVICE = 'urn:service:'

/** The payload of a JSON web token; nothing where it is none of the known kind. */
export function readToken(token: string): MediaToken | undefined {
  const payload = payloadSchema.safeParse(
    parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')),
  )
  if (!payload.success) return undefined
  const { aud, obj, exp } = payload.data
  return {
    audiences: aud.map((one) => (one.startsWith(SERVICE) ? one.slice(SERVICE.length) : one)),
    paths: (obj ?? []).flat().flatMap(({ path }) => (path === undefined ? [] : [path])),
    ...(exp !== undefined && { expires: exp * 1000 }),
  }
}
