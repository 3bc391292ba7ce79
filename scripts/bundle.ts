import { glob, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import type { OutputChunk } from 'rolldown'
import packageJson from '../package.json' with { type: 'json' }

const ROOT = resolve(import.meta.dirname, '..')

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

/** The program and the replicas as JavaScript: `program/…` and `replicas/…` below a folder. */
export interface Bundle {
  readonly chunks: readonly OutputChunk[]
  /** The files it was made from. */
  readonly modules: readonly string[]
}

/** Makes the program and the replicas, with the packages they need, into few modules. Writes nothing. */
export async function bundle(): Promise<Bundle> {
  const input = Object.fromEntries(PROGRAM.map((file) => [`program/${basename(file, '.ts')}`, file]))
  for await (const file of glob('replicas/*.ts', { cwd: ROOT })) input[file.replace(/\.ts$/, '')] = file
  input['replicas/harness/start'] = 'replicas/harness/start.ts'
  const bundled = await rolldown({ cwd: ROOT, input, platform: 'node', external: BESIDE })
  const { output } = await bundled.generate({
    format: 'esm',
    // Names stay. What is only for people who read is kept in memory by every process otherwise.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    entryFileNames: '[name].js',
    chunkFileNames: 'program/[name]-[hash].js',
  })
  await bundled.close()
  const chunks = output.filter((one) => one.type === 'chunk')
  const own = new Set(chunks.map(({ fileName }) => fileName))
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  for (const name of imported) if (!own.has(name)) demand(name)
  return { chunks, modules: chunks.flatMap(({ modules }) => Object.keys(modules)) }
}

/** Whoever installs the package has nothing but its dependencies. */
function demand(name: string): void {
  if (isBuiltin(name) || Object.hasOwn(packageJson.dependencies, name)) return
  throw new Error(`the bundle imports ${name}, which is no dependency of the package`)
}

/** Programs that run from a bundle do so for less long. */
const IN_USE_MS = 24 * 3_600_000

/**
 * Writes what is new or has changed, each file at once: programs that run from there meanwhile meet no half of one. What
 * an older bundle left there goes after a day.
 */
export async function writeBundle({ chunks }: Bundle, folder: string): Promise<void> {
  for (const { fileName, code } of chunks) {
    const file = join(folder, fileName)
    if ((await readFile(file, 'utf8').catch(() => undefined)) === code) continue
    await mkdir(dirname(file), { recursive: true })
    const unfinished = `${file}.${process.pid}`
    await writeFile(unfinished, code)
    await rename(unfinished, file)
  }
  const wanted = new Set(chunks.map(({ fileName }) => fileName))
  for await (const name of glob('**/*.js', { cwd: folder })) {
    const file = join(folder, name)
    if (wanted.has(name)) continue
    const there = await stat(file).catch(() => undefined)
    if (there !== undefined && there.mtimeMs < Date.now() - IN_USE_MS) await rm(file, { force: true })
  }
}
