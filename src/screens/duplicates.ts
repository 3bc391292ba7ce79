import type { ScreenedFile, Verdict } from '../core/screen.ts'
import type { ScreenDefinition } from './definition.ts'
import { badArgument } from './definition.ts'

export const duplicates: ScreenDefinition = {
  name: 'duplicates',
  usage: 'duplicates',
  example: 'duplicates',
  about: 'Rejects files whose bytes the library has already, under another key. Files that only look alike are kept.',
  make(rest) {
    if (rest !== '') throw badArgument(duplicates, rest)
    return { name: duplicates.name, judge }
  },
}

async function judge(file: ScreenedFile): Promise<Verdict> {
  const twin = await file.twin()
  return twin === undefined ? { keep: true } : { keep: false, reason: `the same bytes are stored as ${twin}` }
}
