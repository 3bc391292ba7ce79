import type { ResponseHead } from '../../core/http.ts'
import { Collector, Answer } from '../answer.ts'
import type { Exchange, Outgoing } from '../outgoing.ts'
import { statusFault } from '../status.ts'

/** What a robots.txt was answered with: its text, or the status. */
export interface RobotsFile {
  readonly status: number
  readonly text: string
}

/** RFC 9309 section 2.5: so much has to be read, and what is behind it is not. */
const MOST_BYTES = 500 * 1024

class Beginning extends Collector {
  #bytes = 0

  get full(): boolean {
    return this.#bytes > MOST_BYTES
  }

  override data(chunk: Uint8Array): void {
    if (this.full) return
    super.data(chunk)
    this.#bytes += chunk.length
    if (this.full) throw new Error('nobody reads on here')
  }
}

/**
 * One try to read a robots.txt. Throws where nothing is known of the rules: no answer, an error of the server, and 429,
 * which Google counts among them.
 */
export async function readRobots(exchange: Exchange, request: Outgoing): Promise<RobotsFile> {
  const beginning = new Beginning()
  let head: ResponseHead | undefined
  try {
    head = await exchange({ ...request, maxBytes: Infinity }, beginning)
  } catch (thrown) {
    head = beginning.head
    if (!beginning.full || head === undefined) throw thrown
  }
  const answer = new Answer(head, beginning.bytes().subarray(0, MOST_BYTES))
  if (answer.status >= 500 || answer.status === 429) throw statusFault(answer, request)
  const text = answer.text()
  return { status: answer.status, text: beginning.full ? text.slice(0, text.lastIndexOf('\n') + 1) : text }
}
