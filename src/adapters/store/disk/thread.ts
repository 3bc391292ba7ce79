/** Where a writer thread begins. */
import { parentPort, workerData } from 'node:worker_threads'
import { Fault } from '../../../core/errors.ts'
import type { Inspect } from '../../../core/files.ts'
import type { Order, Ready, Setup } from './messages.ts'
import { Writer } from './writer.ts'

const port = parentPort
if (port === null) throw new Fault('Internal', 'a writer thread was started as a program of its own')

const setup: Setup = workerData
const { inspect }: { readonly inspect: Inspect } = await import(setup.inspectModule)
const writer = new Writer(setup, inspect, (report) => port.postMessage(report))

port.on('message', (batch: readonly Order[] | 'end') => {
  if (batch === 'end') port.close()
  else writer.take(batch)
})
port.postMessage({ leftovers: writer.leftovers } satisfies Ready)
