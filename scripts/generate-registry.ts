/** Writes src/sources/registry.gen.ts: the list of all sources, from the files that are there. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { GeneratedFiles } from './generated-files.ts'
import { writeGenerated } from './generated-files.ts'

const FOLDER = resolve(import.meta.dirname, '../src/sources')
/** Asked last and in this order: a template is no URL, a URL that nobody knows is a file or else a page. */
const LAST = ['template', 'direct', 'page']

interface SourceFile {
  readonly name: string
  /** Relative to the registry. */
  readonly path: string
}

/** `NAME.ts`, or `NAME/NAME.ts` where a site needs several files. Other folders (families) hold no source of their own. */
async function sourceFiles(): Promise<readonly SourceFile[]> {
  const entries = await readdir(FOLDER, { withFileTypes: true })
  const files = entries.flatMap((entry) => {
    if (entry.isDirectory()) {
      const path = `./${entry.name}/${entry.name}.ts`
      return existsSync(resolve(FOLDER, path)) ? [{ name: entry.name, path }] : []
    }
    const name = /^([a-z0-9-]+)\.ts$/.exec(entry.name)?.[1]
    return name === undefined ? [] : [{ name, path: `./${entry.name}` }]
  })
  return files.toSorted(inOrder)
}

function inOrder(one: SourceFile, other: SourceFile): number {
  return LAST.indexOf(one.name) - LAST.indexOf(other.name) || (one.name < other.name ? -1 : 1)
}

async function requireSource({ path }: SourceFile): Promise<void> {
  const text = await readFile(resolve(FOLDER, path), 'utf8')
  if (/^export const source\b/m.test(text)) return
  throw new Error(`src/sources/${path.slice(2)} exports no \`source\`; what sources share belongs to src/kit`)
}

/** `deviant-art` → `deviantArt`, and never a reserved word or a digit first. */
function identifier(name: string): string {
  return `${name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Source`.replace(/^(?=\d)/, '_')
}

export async function generate(): Promise<GeneratedFiles> {
  const files = await sourceFiles()
  await Promise.all(files.map(requireSource))
  const lines = [
    '// Made by scripts/generate-registry.ts from the files in this folder; do not edit.',
    "import type { Source } from '../core/source.ts'",
    ...files.map(({ name, path }) => `import { source as ${identifier(name)} } from '${path}'`),
    '',
    '/** All sources; those that take any host come last. */',
    'export const sources: readonly Source[] = [',
    ...files.map(({ name }) => `  ${identifier(name)},`),
    ']',
    '',
  ]
  return { 'src/sources/registry.gen.ts': lines.join('\n') }
}

if (import.meta.main) await writeGenerated(await generate())
