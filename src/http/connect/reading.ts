import type { OnReadOpts, Socket } from 'node:net'

/** As much as one read of a socket brings at most. */
const READ_BYTES = 64 * 1024

const BLANK_LINE = Buffer.from('\r\n\r\n')

/**
 * The bytes at the front of a chunk that the parser may keep views of: everything, unless one whole final head stands
 * there, whose names and values become strings in the same breath.
 */
function keptBytes(chunk: Buffer): number {
  // `HTTP/1.1 200`: another beginning is half a head, blank lines before one, or an interim answer (1xx).
  const isFinalHead = chunk.length > 12 && chunk.toString('latin1', 0, 5) === 'HTTP/' && chunk[9] !== 0x31
  const end = isFinalHead ? chunk.indexOf(BLANK_LINE) : -1
  return end < 0 ? chunk.length : end + BLANK_LINE.length
}

/**
 * Reads every plain connection into ONE buffer (`onread` of net) instead of a fresh 64 KiB for each read: a hundred
 * transfers would leave hundreds of megabytes a second for the kernel to clear and the garbage collector to find.
 *
 * That is safe for bodies, which are passed on during the read and belong to nobody afterwards. Of a head that comes
 * in pieces the parser keeps views until it is whole, so heads are copied; the handlers of the requests tell, while
 * the parser runs, whether a connection is inside a body.
 */
export class Reading {
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  #inBody = new WeakSet<Socket>()
  #feeding = false
  #told: 'body' | 'end' | undefined
  #paused = false

  /** A head is whole, or bytes of a body have passed. */
  body(): void {
    this.#told = 'body'
  }

  /** The body is over. Outside of a read, after a pause, nobody knows of which connection: then all begin anew. */
  end(): void {
    if (this.#feeding) this.#told = 'end'
    else this.#inBody = new WeakSet()
  }

  /** Whoever takes the body wants no more of it for now. */
  pause(): void {
    this.#paused = true
  }

  options(): OnReadOpts {
    const take = (socket: Socket, bytesRead: number): boolean => this.#take(socket, this.#buffer.subarray(0, bytesRead))
    return {
      buffer: this.#buffer,
      // Node calls it with the socket as `this`.
      callback(this: Socket, bytesRead: number) {
        return take(this, bytesRead)
      },
    }
  }

  /** Hands a chunk to whoever reads the socket; false stops the reading until somebody asks for more. */
  #take(socket: Socket, chunk: Buffer): boolean {
    const kept = this.#inBody.has(socket) ? 0 : keptBytes(chunk)
    const head = kept === 0 || this.#feed(socket, Buffer.from(chunk.subarray(0, kept)))
    if (kept === chunk.length) return head
    if (head && this.#feed(socket, chunk.subarray(kept))) return true
    // The reader has paused. What is left must outlive the buffer.
    if (!head) socket.push(Buffer.from(chunk.subarray(kept)))
    else if (socket.readableLength > 0) socket.unshift(Buffer.from(socket.read() as Buffer))
    return false
  }

  /** Whether the reader took all of it and wants more. */
  #feed(socket: Socket, bytes: Buffer): boolean {
    this.#told = undefined
    this.#paused = false
    this.#feeding = true
    socket.push(bytes)
    socket.emit('readable')
    this.#feeding = false
    if (this.#told === 'body') this.#inBody.add(socket)
    else if (this.#told === 'end') this.#inBody.delete(socket)
    return socket.readableLength === 0 && !this.#paused
  }
}
