import { access, constants, stat } from 'node:fs/promises'
import type { Settings } from '../config/settings.ts'
import { Fault } from '../core/errors.ts'
import { whyUnreadable } from '../core/unreadable.ts'

/** Says early what is wrong with a file that the user named: nothing has started then, and no library is made. */
export async function requireReadable(file: string, what: string, advice?: string): Promise<void> {
  try {
    if ((await stat(file)).isDirectory()) throw new Error('it is a folder')
    await access(file, constants.R_OK)
  } catch (cause) {
    throw new Fault('Usage', `${what} cannot be read: ${whyUnreadable(cause)}`, {
      cause,
      ...(advice !== undefined && { advice }),
    })
  }
}

/** The files that options name. They are read later, and once: one may be a pipe. */
export async function requireNamedFiles({ cookies, cacert }: Settings): Promise<void> {
  for (const [option, file] of Object.entries({ cookies, cacert }))
    if (file !== undefined) await requireReadable(file, `the file of --${option}, ${file},`)
}
