/**
 * `npm run build`: what the published package runs. The program is bundled with the packages it needs, because finding
 * and reading some five hundred small modules takes longer than all the rest of a start; the replicas likewise, for
 * `bowerbird demo`. Declarations of the sources stand beside.
 *
 *     dist/program/     main.js (the command), index.js (the library), what runs in threads and processes of its own,
 *                       and what these share or load late
 *     dist/replicas/    one module per site
 *     dist/types/       declarations
 *     dist/LICENSES.md  licences of the packages inside
 */
import { spawnSync } from 'node:child_process'
import { chmod, glob, rm, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { basename, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import packageJson from '../package.json' with { type: 'json' }
import { licencesOf } from './licences.ts'

const ROOT = resolve(import.meta.dirname, '..')
const DIST = resolve(ROOT, 'dist')

/** Modules that are started or loaded by their place. A module finds another one as `./NAME`, in the sources and here. */
const PROGRAM = [
  'src/cli/main.ts',
  'src/index.ts',
  'src/adapters/store/disk/thread.ts',
  'src/adapters/store/disk/look-thread.ts',
  'src/engine/verify/inspect.ts',
  'src/pixels/decoder-process.ts',
]

/** Native code, and what finds its own files: installed beside, as any dependency. */
const BESIDE = ['sharp', 'playwright-core']

await rm(DIST, { recursive: true, force: true })
const compiler = resolve(ROOT, 'node_modules/typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' })
if (status !== 0) process.exit(1)

const modules = await bundle()
await writeFile(resolve(DIST, 'LICENSES.md'), await licencesOf(modules))
await chmod(resolve(DIST, 'program/main.js'), 0o755)

/** Writes the JavaScript; comes back with the files it was made from. */
async function bundle(): Promise<readonly string[]> {
  const input = Object.fromEntries(PROGRAM.map((file) => [`program/${basename(file, '.ts')}`, file]))
  for await (const file of glob('replicas/*.ts', { cwd: ROOT })) input[file.replace(/\.ts$/, '')] = file
  input['replicas/harness/start'] = 'replicas/harness/start.ts'
  const bundled = await rolldown({ cwd: ROOT, input, platform: 'node', external: BESIDE })
  const { output } = await bundled.write({
    dir: DIST,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'program/[name]-[hash].js',
  })
  await bundled.close()
  const chunks = output.filter((one) => one.type === 'chunk')
  const own = new Set(chunks.map(({ fileName }) => fileName))
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  for (const name of imported) if (!own.has(name)) demand(name)
  return chunks.flatMap(({ modules: inside }) => Object.keys(inside))
}

/** Whoever installs the package has nothing but its dependencies. */
function demand(name: string): void {
  if (isBuiltin(name) || Object.hasOwn(packageJson.dependencies, name)) return
  throw new Error(`the bundle imports ${name}, which is no dependency of the package`)
}
