#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 node --max-old-space-size=1024 --max-semi-space-size=4
// Half of the peak memory, which nothing can bring down once the process runs (docs/adr/0004). At most 127 characters.
// By its namespace, so that an old Node, which lacks the function, gets as far as the message.
import * as nodeModule from 'node:module'

const OLDEST_NODE = 24

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`bowerbird: this is Node ${process.versions.node}; Node ${OLDEST_NODE} or newer is needed\n`)
  process.exit(2)
}

// Files are forced to the disk side by side; libuv's default of four threads would queue them. Read at first use.
process.env['UV_THREADPOOL_SIZE'] ??= '32'
nodeModule.enableCompileCache()

const { run } = await import('./run.ts')
process.exitCode = await run(process.argv.slice(2))
