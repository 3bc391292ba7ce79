/** Files that are made from the code, kept in the repository, and held against what would be made now. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Relative path → content. */
export type GeneratedFiles = Readonly<Record<string, string>>

/** What every `scripts/generate-*.ts` exports as `generate`. Pure but for reading; same code, same bytes. */
export type Generate = () => Promise<GeneratedFiles>

const ROOT = resolve(import.meta.dirname, '..')

/** Paths whose file is absent or differs. */
export async function staleFiles(files: GeneratedFiles): Promise<readonly string[]> {
  const verdicts = await Promise.all(
    Object.entries(files).map(async ([path, content]) => ({ path, fresh: (await contentOf(path)) === content })),
  )
  return verdicts.filter(({ fresh }) => !fresh).map(({ path }) => path)
}

/** Writes those that are absent or differ, and says which. */
export async function writeGenerated(files: GeneratedFiles): Promise<void> {
  for (const path of await staleFiles(files)) {
    await mkdir(dirname(resolve(ROOT, path)), { recursive: true })
    await writeFile(resolve(ROOT, path), files[path] ?? '')
    console.log(`wrote ${path}`)
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(resolve(ROOT, path), 'utf8').catch(() => undefined)
}
