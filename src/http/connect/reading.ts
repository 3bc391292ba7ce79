import type { Socket } from 'node:net'

/** As much as one read of a socket brings at most. */
const READ_BYTES = 64 * 1024

interface OnRead {
  readonly buffer: () => Uint8Array
  readonly callback: (this: Socket, bytesRead: number, buffer: Uint8Array) => boolean
}

/**
 * Reads every connection into ONE buffer of its own (`onread` of net and tls) instead of a fresh 64 KiB for each
 * read: a hundred transfers would leave hundreds of megabytes a second for the garbage collector to find.
 *
 * The HTTP parser takes what is there during the `readable` event and keeps nothing of it. When it is paused it
 * leaves bytes behind; those are copied before the buffer is filled again, and reading stops until they are taken.
 */
export function reusedBuffer(): OnRead {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  return {
    buffer: () => buffer,
    callback(bytesRead, filled) {
      this.push(filled.subarray(0, bytesRead))
      this.emit('readable')
      if (this.readableLength === 0) return true
      const rest = this.read() as Buffer | null
      if (rest !== null) this.unshift(Buffer.from(rest))
      return false
    },
  }
}
