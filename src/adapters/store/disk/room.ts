import { statfsSync } from 'node:fs'
import { Fault } from '../../../core/errors.ts'

/** Refuses a file that will not fit before its bytes are fetched. */
export function checkRoom(folder: string, bytes: number): void {
  const free = freeBytes(folder)
  if (free === undefined || free >= bytes) return
  throw new Fault('DiskFull', `no room is left in ${folder}: ${bytes} bytes are to come and ${free} are free`, {
    advice: 'free some room there, then run `bowerbird resume`',
  })
}

/** Some file systems do not tell. */
function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder)
    return blocks === 0 ? undefined : bavail * bsize
  } catch {
    return undefined
  }
}
