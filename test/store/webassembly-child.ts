/**
 * A process with a thread that uses WebAssembly much: the writer thread of a store, or one that nobody prepared.
 *
 *     webassembly-child.ts store FOLDER
 *     webassembly-child.ts bare
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

const [thread, root = ''] = process.argv.slice(2)
const inspectModule = new URL('inspect-webassembly.ts', import.meta.url)

if (thread === 'store') {
  const { openDiskStore } = await import('../../src/adapters/store/disk/store.ts')
  const store = await openDiskStore({ root, fsync: false, inspectModule })
  await store.close()
} else await once(new Worker(inspectModule), 'exit')
