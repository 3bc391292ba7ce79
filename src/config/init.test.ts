import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { configTemplate } from './init.ts'
import { loadSettings } from './load.ts'
import { LASTING_NAMES } from './options.ts'
import { fileSchema, jsonSchema } from './schema.ts'

const sourceSchemas = {
  imgur: z.object({
    gif: z.enum(['gif', 'mp4']).default('gif').describe('what an animation is fetched as'),
    kinds: z.array(z.string()).default([]).describe('kinds of posts'),
    clientId: z.string().optional().describe('of an application'),
  }),
  direct: z.object({}),
}

const template = configTemplate(sourceSchemas)
/** Without the marks in front of keys; explanations stay comments. */
const uncommented = template.replaceAll(/^#( {2,})?(?=[\w ]+:(?: |$))(?! )/gm, '$1')

async function load(text: string): Promise<ReturnType<typeof loadSettings>> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-init-'))
  const config = join(folder, 'config.yaml')
  await writeFile(config, text)
  try {
    return await loadSettings({ flags: { config }, env: {}, sourceSchemas })
  } finally {
    await rm(folder, { recursive: true })
  }
}

it('a new configuration file changes nothing', async () => {
  const { configFile, ...settings } = await load(template)
  const { configFile: _none, ...defaults } = await load('')
  expect(configFile).toBeDefined()
  expect(settings).toEqual(defaults)
})

it('a new configuration file holds every key, and each line is sound when its mark is taken away', async () => {
  for (const name of LASTING_NAMES) expect(uncommented).toMatch(new RegExp(`^${name}: `, 'm'))
  const settings = await load(uncommented)
  expect(settings).toMatchObject({ perHost: 4, jobs: 24, limit: 100, screen: ['min-size=800x600'], fsync: true })
  expect(settings.sources['imgur']?.options).toEqual({ gif: 'gif', kinds: [] })
})

it('the JSON Schema knows every key, its default, and the options of sources', () => {
  const schema = z.looseObject({ properties: z.record(z.string(), z.looseObject({})) }).parse(jsonSchema(sourceSchemas))
  expect(Object.keys(schema.properties)).toEqual([...LASTING_NAMES, 'sources'])
  expect(schema.properties['jobs']).toMatchObject({
    type: 'integer',
    minimum: 1,
    default: 24,
    description: 'transfers at once',
  })
  expect(schema).toMatchObject({ additionalProperties: false })
  expect(JSON.stringify(schema.properties['sources'])).toContain('"enum":["gif","mp4"]')
})

it('the schema of the file takes what the loader takes, and refuses the rest', () => {
  const schema = fileSchema(sourceSchemas)
  expect(
    schema.safeParse({ jobs: 4, maxSize: '4G', range: 5, sources: { imgur: { gif: 'mp4', limit: 3 } } }).success,
  ).toBe(true)
  expect(schema.safeParse({ jbos: 4 }).success).toBe(false)
  expect(schema.safeParse({ sources: { imgur: { gfi: 'mp4' } } }).success).toBe(false)
  expect(schema.safeParse({ sources: { imgr: {} } }).success).toBe(false)
})
