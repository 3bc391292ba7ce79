/** Where a thread begins that looks at files. */
import { parentPort, workerData } from 'node:worker_threads'
import { Fault } from '../../../core/errors.ts'
import type { ExpectedFile } from '../../../ports/inventory.ts'
import { Looker } from './look.ts'

/** `read`: one number of 64 bits, bytes read by all threads together. */
export interface LookSetup {
  readonly root: string
  readonly read: SharedArrayBuffer
}

const port = parentPort
if (port === null) throw new Fault('Internal', 'a thread that looks at files was started as a program of its own')

const { root, read }: LookSetup = workerData
const counter = new BigInt64Array(read)
const looker = new Looker(root, (bytes) => Atomics.add(counter, 0, BigInt(bytes)))

port.on('message', (files: readonly ExpectedFile[]) => port.postMessage(files.map((file) => looker.look(file))))
