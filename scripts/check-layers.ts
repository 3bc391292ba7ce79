/**
 * Who may import whom, and that each vendor package has one owner. The rules are data below; dependency-cruiser finds
 * the imports (type-only ones as well). It parses TypeScript with @swc/core: without that package it would pass on an
 * empty graph, so the caller says how many modules there must be at least.
 */
import { isAbsolute, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cruise } from 'dependency-cruiser'
import type { IFlattenedRuleSet, IForbiddenRuleType, IModule } from 'dependency-cruiser'

/** What each folder of src may import besides itself, `core`, Node and its own vendor packages. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  kit: [],
  expr: [],
  sources: ['kit'],
  ports: [],
  http: ['ports'],
  engine: ['ports', 'expr'],
  screens: ['pixels'],
  pixels: [],
  adapters: ['ports'],
  config: ['expr'],
  app: ['kit', 'expr', 'sources', 'ports', 'http', 'engine', 'screens', 'pixels', 'adapters', 'config'],
  cli: ['app', 'config'],
  server: ['app', 'config'],
}

/** Vendor packages that every folder may import. */
const SHARED_PACKAGES: ReadonlySet<string> = new Set(['zod'])

/** Tests beside the code may import what they need. */
const UNIT_TEST = '\\.test\\.ts$'

interface LayerReport {
  /** Modules of the project that were read. */
  readonly modules: number
  readonly imports: number
  /** One line each. */
  readonly violations: readonly string[]
}

function layerRule([folder, others]: readonly [string, readonly string[]]): IForbiddenRuleType {
  const allowed = [folder, 'core', ...others].join('|')
  return {
    name: `layer-${folder}`,
    comment: `src/${folder} may import ${['core', ...others].join(', ')}`,
    severity: 'error',
    from: { path: `^src/${folder}/`, pathNot: UNIT_TEST },
    to: { path: '^(src|replicas|bench|test|scripts|web)/', pathNot: `^src/(${allowed})/` },
  }
}

const RULES: IFlattenedRuleSet = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(layerRule),
    {
      name: 'known-folder',
      comment: 'a folder of src needs a row in MAY_IMPORT; src itself holds index.ts alone',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(index\\.ts$|(${Object.keys(MAY_IMPORT).join('|')})/)` },
    },
    {
      name: 'web-types',
      comment: 'web may import the types of src/server',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|replicas|bench|test|scripts)/', pathNot: '^src/server/' },
    },
    {
      name: 'web-types-only',
      comment: 'web may import types of src/server, no code',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycle',
      comment: 'a cycle means that two files are one, or that a third one is missing',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrel',
      comment: 'import the file that has it; src/index.ts is for users of the package alone',
      severity: 'error',
      from: {},
      to: { path: '(^|/)index\\.ts$' },
    },
    {
      name: 'resolvable',
      comment: 'the import leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'what is imported must stand in package.json',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
}

/** Reads the imports of these folders below `root` and holds them against the rules. */
export async function inspectLayers(root: string, folders: readonly string[]): Promise<LayerReport> {
  const { output } = await cruise([...folders], {
    baseDir: root,
    ruleSet: RULES,
    validate: true,
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  })
  if (typeof output === 'string') throw new TypeError('dependency-cruiser gave text in place of a graph')
  const own = output.modules.filter(({ source }) => !source.includes('node_modules') && source.endsWith('.ts'))
  const found = output.summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} → ${to} (${commentOf(rule.name)})`,
  )
  return {
    modules: own.length,
    imports: own.reduce((sum, module) => sum + module.dependencies.length, 0),
    violations: [...found, ...sharedOwners(own)],
  }
}

function commentOf(name: string): string {
  return RULES.forbidden?.find((rule) => rule.name === name)?.comment ?? ''
}

/** One line for every vendor package that more than one folder of src imports. */
function sharedOwners(modules: readonly IModule[]): readonly string[] {
  const owners = new Map<string, Map<string, string>>()
  for (const { source, dependencies } of modules) {
    const folder = /^src\/([^/]+)\//.exec(source)?.[1]
    if (folder === undefined || source.endsWith('.test.ts')) continue
    for (const { module, coreModule, dependencyTypes } of dependencies) {
      if (coreModule || !dependencyTypes.some((type) => type.startsWith('npm'))) continue
      const name = packageOf(module)
      owners.set(name, (owners.get(name) ?? new Map<string, string>()).set(folder, source))
    }
  }
  return [...owners]
    .filter(([name, folders]) => folders.size > 1 && !SHARED_PACKAGES.has(name))
    .map(([name, folders]) => `one-owner: ${name} is imported by ${[...folders.values()].join(' and ')}`)
}

/** `@scope/name/deep` → `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { minimum: { type: 'string' } } })
  const root = resolve(import.meta.dirname, '..')
  const folders = positionals.map((folder) => (isAbsolute(folder) ? relative(root, folder) : folder))
  const report = await inspectLayers(root, folders)
  for (const line of report.violations) console.error(line)
  console.log(`${report.modules} modules, ${report.imports} imports, ${report.violations.length} violations`)
  const minimum = Number(values.minimum ?? 1)
  if (report.modules < minimum) console.error(`At least ${minimum} modules were expected: is @swc/core installed?`)
  if (report.violations.length > 0 || report.modules < minimum) process.exitCode = 1
}

if (import.meta.main) await main()
