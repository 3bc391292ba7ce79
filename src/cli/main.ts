#!/usr/bin/env -S node --max-old-space-size=1024 --max-semi-space-size=2
// The flags keep V8 from growing its heap to four times of what lives in it: half of the peak memory.
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
