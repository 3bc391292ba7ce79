import type { Settings } from '../config/settings.ts'
import type { Source } from '../core/source.ts'
import type { RunSettings, SourceRules } from '../engine/parts.ts'
import { parseTemplate } from '../expr/template.ts'

/** The settings as the engine takes them: for each source the user's word for it, else for all, else its own advice. */
export function runSettings(settings: Settings, sources: readonly Source[]): RunSettings {
  const rules = new Map(sources.map((source) => [source.name, rulesOf(source, settings)]))
  return {
    jobs: settings.jobs,
    retries: settings.retries,
    maxSize: settings.maxSize,
    overwrite: settings.overwrite,
    cookies: settings.cookies !== undefined || settings.cookiesFromBrowser !== undefined,
    sidecar: settings.sidecar,
    dryRun: settings.dryRun,
    wholeUrls: settings.dryRun || settings.print === 'url',
    extract: settings.extract,
    announce: settings.json || settings.print !== undefined || settings.dryRun,
    ...(settings.range && { range: settings.range }),
    ...(settings.pages && { pages: settings.pages }),
    rules: (name) => {
      const found = rules.get(name)
      if (found === undefined) throw new Error(`there is no source named ${name}`)
      return found
    },
  }
}

function rulesOf(source: Source, settings: Settings): SourceRules {
  const own = settings.sources[source.name]
  const where = own?.where ?? settings.where
  const limit = own?.limit ?? settings.limit
  return {
    folder: own?.folder ?? settings.folder ?? parseTemplate(source.folder, { kind: 'folder' }),
    filename: own?.name ?? settings.name ?? parseTemplate(source.filename, { kind: 'name' }),
    options: own?.options ?? source.options.parse({}),
    ...(where && { where }),
    ...(limit !== undefined && { limit }),
  }
}
