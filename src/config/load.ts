import type { JsonObject } from '../core/glossary.ts'
import { plainSettings, parsersFor, sourceSettings, type SourceFields } from './assemble.ts'
import { checkOptions } from './checked.ts'
import { layerOfEnvironment, layerOfFlags } from './environment.ts'
import { defaultConfigPath, layerOfYaml, readConfigFile, type Environment } from './file.ts'
import { emptyLayer, type Layer } from './layer.ts'
import { layerOfPlan, planOf } from './plan.ts'
import { Problems } from './problems.ts'
import type { SourceSchemas } from './schema.ts'
import type { Flags, Settings } from './settings.ts'
import { checkedOptions, sourceSections } from './sources.ts'
import { expandHome } from './values.ts'

export interface LoadOptions {
  /** Only what was written on the command line. */
  readonly flags: Flags
  readonly env: Environment
  /** The zod objects of all sources, by name. */
  readonly sourceSchemas: SourceSchemas
  /** The fields that only some sources have: what templates may ask for besides the common ones. */
  readonly sourceFields?: SourceFields
  /** `Settings.plan` of an earlier run that goes on: heard over file and environment, below the flags. */
  readonly earlier?: JsonObject
}

/** Reads and checks everything that was said. One fault tells all mistakes. */
export async function loadSettings(options: LoadOptions): Promise<Settings> {
  const { flags, env, sourceSchemas, sourceFields = {}, earlier } = options
  const problems = new Problems()
  const file = await fileLayer(flags, env, problems)
  const said = [layerOfEnvironment(env, problems), layerOfPlan(earlier ?? {}), layerOfFlags(flags, problems)]
  const layers = [file.layer, ...said]
  const checked = checkOptions(layers, problems)
  const sections = sourceSections(layers, sourceSchemas, problems)
  const parse = await parsersFor(checked, sections, problems, sourceFields)
  const sources = Object.entries(sourceSchemas).map(([name, schema]) => {
    const section = sections.get(name)
    const own = checkedOptions(name, schema, section, problems)
    return [name, sourceSettings(name, checked, section, own, parse)] as const
  })
  const settings = {
    ...plainSettings(checked, parse),
    sources: Object.fromEntries(sources),
    notes: parse.notes,
    plan: planOf(said),
    ...(file.path !== undefined && { configFile: file.path }),
  }
  problems.throwIfAny()
  return Object.freeze(settings)
}

async function fileLayer(
  flags: Flags,
  env: Environment,
  problems: Problems,
): Promise<{ readonly layer: Layer; readonly path?: string }> {
  const named = typeof flags.config === 'string' ? flags.config : env['BOWERBIRD_CONFIG']
  const path = named === undefined || named === '' ? defaultConfigPath(env) : expandHome(named)
  const text = await readConfigFile(path, named !== undefined && named !== '')
  return text === undefined ? { layer: emptyLayer() } : { layer: await layerOfYaml(text, path, problems), path }
}
