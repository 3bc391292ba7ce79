/** `npm run generate`: runs every generator. With --check nothing is written; stale files are named, and it fails. */
import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Generate } from './generated-files.ts'
import { staleFiles, writeGenerated } from './generated-files.ts'

async function generators(): Promise<readonly Generate[]> {
  const names = (await readdir(import.meta.dirname)).filter((name) => /^generate-[a-z-]+\.ts$/.test(name)).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const { generate } = (await import(resolve(import.meta.dirname, name))) as { generate?: Generate }
      if (generate === undefined) throw new TypeError(`scripts/${name} must export generate (see generated-files.ts)`)
      return generate
    }),
  )
}

const check = process.argv.includes('--check')
for (const generate of await generators()) {
  const files = await generate()
  if (!check) await writeGenerated(files)
  for (const path of check ? await staleFiles(files) : []) {
    console.error(`${path} is not what the code says: run npm run generate`)
    process.exitCode = 1
  }
}
