import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'

/** An input that takes longer than this hangs, on however busy a machine. */
const PATIENCE_MS = 30_000

/** Bytes of the description of an input. */
const MOST_BYTES = 65_536

/** Layout of the shared memory: [number of the input at hand, or 0; bytes of its description]. */
const HEAD_BYTES = 8

/** Runs in a thread of its own, because the one that hangs cannot say so itself. */
const GUARD = `
const { workerData: { shared, patience, head } } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const numbers = new Int32Array(shared, 0, 2)
for (let last = 0; ; last = numbers[0]) {
  Atomics.wait(numbers, 1, -1, 0)
  const now = numbers[0]
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience)
  if (now === 0 || now !== numbers[0]) continue
  writeSync(2, 'hangs: ' + Buffer.from(shared, head, numbers[1]).toString() + '\\n')
  process.kill(process.pid, 'SIGKILL')
}
`

/** Ends the process, and prints what it was given, when one input never comes back. */
export class Watch {
  readonly #shared = new SharedArrayBuffer(HEAD_BYTES + MOST_BYTES)
  readonly #numbers = new Int32Array(this.#shared, 0, 2)
  #count = 0

  constructor() {
    const workerData = { shared: this.#shared, patience: PATIENCE_MS, head: HEAD_BYTES }
    new Worker(GUARD, { eval: true, workerData }).unref()
  }

  begin(name: string, input: unknown): void {
    const told = Buffer.from(`${name}\n${inspect(input, { depth: 8, maxStringLength: 4096, maxArrayLength: 64 })}`)
    const kept = told.subarray(0, MOST_BYTES)
    new Uint8Array(this.#shared, HEAD_BYTES).set(kept)
    this.#numbers[1] = kept.length
    this.#count += 1
    this.#numbers[0] = this.#count
  }

  end(): void {
    this.#numbers[0] = 0
  }
}
