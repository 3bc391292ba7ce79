import type { TargetInput } from '../../engine/parts.ts'
import { readIndex } from './index-file.ts'
import { readTextFile, shownName } from './text-file.ts'

/** What index files list, a target for each keyword that has URLs. What is wrong with a file is thrown: nothing has started then. */
export async function readIndexes(files: readonly string[]): Promise<readonly TargetInput[]> {
  const inputs: TargetInput[] = []
  for (const file of files) {
    for (const [keyword, urls] of readIndex(await readTextFile(file, 'the index'), shownName(file))) {
      if (urls.length === 0) continue
      const rest = `index/${keyword}`
      inputs.push({
        target: { kind: 'short', text: `search:${rest}`, source: 'search', rest, urls },
        place: shownName(file),
      })
    }
  }
  return inputs
}
