import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { Fault } from '../../core/errors.ts'
import { whyUnreadable } from '../../core/unreadable.ts'

/** Bytes. Such a file is read as a whole: half a million keywords have room in it. */
const MOST_BYTES = 64 * 1024 * 1024

/** The whole text of a file that the user names; `-` is standard input. `what` it is, for messages: `the table`. */
export async function readTextFile(file: string, what: string): Promise<string> {
  const name = `${what} ${shownName(file)}`
  return decodeText(file === '-' ? await buffer(process.stdin) : await readBytes(file, name), name)
}

/** How a file is called in messages. */
export function shownName(file: string): string {
  return file === '-' ? 'standard input' : file
}

async function readBytes(file: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new Error('it has more than 64 MiB')
    return await readFile(file)
  } catch (thrown) {
    throw new Fault('Usage', `${name} cannot be read: ${whyUnreadable(thrown)}`, { cause: thrown })
  }
}

/** UTF-8, or UTF-16 with its byte order mark, as spreadsheets write it; the mark is no part of the text. */
function decodeText(bytes: Uint8Array, name: string): string {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex')
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (thrown) {
    throw new Fault('Usage', `${name} is neither UTF-8 nor UTF-16`, { advice: 'save it as UTF-8', cause: thrown })
  }
}
