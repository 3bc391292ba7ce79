import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { z } from 'zod'
import { Fault } from '../../src/core/errors.ts'
import { loadSettings, type LoadOptions } from '../../src/config/load.ts'
import type { Settings } from '../../src/config/settings.ts'

const sourceSchemas = {
  imgur: z.object({
    gif: z.enum(['gif', 'mp4', 'both']).default('gif').describe('what an animation is fetched as'),
    depth: z.number().int().default(2).describe('how deep albums go'),
    mature: z.boolean().default(false).describe('with mature posts'),
    kinds: z.array(z.string()).default([]).describe('kinds of posts'),
    clientSecret: z.string().min(8).optional().describe('of an application'),
  }),
  direct: z.object({}),
}

let folder = ''
let counter = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A path in the folder of this suite. */
export function inFolder(...names: readonly string[]): string {
  return join(folder, ...names)
}

export async function configFile(text: string): Promise<string> {
  counter += 1
  const path = inFolder(`config-${counter}.yaml`)
  await writeFile(path, text)
  return path
}

/** Settings of a home without a configuration file. */
export function load(options: Partial<LoadOptions> = {}): Promise<Settings> {
  return loadSettings({
    flags: {},
    sourceSchemas,
    ...options,
    env: { XDG_CONFIG_HOME: inFolder('none'), ...options.env },
  })
}

export async function loadFile(text: string, options: Partial<LoadOptions> = {}): Promise<Settings> {
  return load({ ...options, flags: { config: await configFile(text), ...options.flags } })
}

export async function faultOf(loading: Promise<Settings>): Promise<Fault> {
  const thrown: unknown = await loading.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof Fault) return thrown
  throw new Error('nothing was refused', { cause: thrown })
}

/** The message about a file, without the path in front. */
export async function mistakesOf(text: string): Promise<readonly string[]> {
  const { message, code, evidence } = await faultOf(loadFile(text))
  expect(code).toBe('Config')
  return [message, evidence.advice ?? '']
    .join('\n')
    .replaceAll(`${folder}/config-${counter}.yaml:`, '')
    .trimEnd()
    .split('\n')
}
