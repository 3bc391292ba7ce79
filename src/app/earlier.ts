import { existsSync } from 'node:fs'
import type { Settings } from '../config/settings.ts'
import type { JsonObject } from '../core/glossary.ts'
import { catalogFile } from './place.ts'

/** The settings of the newest interrupted run of a library, as `loadSettings` takes them. */
export async function earlierPlan(settings: Settings): Promise<JsonObject | undefined> {
  const file = catalogFile(settings)
  if (!existsSync(file)) return undefined
  const { openCatalog } = await import('../adapters/catalog/sqlite/open.ts')
  const catalog = await openCatalog({ file, durable: true, busySeconds: 30 })
  try {
    const plan = (await catalog.runs.unfinished())[0]?.plan['settings']
    return isObject(plan) ? plan : undefined
  } finally {
    await catalog.close()
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
