#!/usr/bin/env -S node --max-old-space-size=1024 --max-semi-space-size=2
import { enableCompileCache } from 'node:module'

// The flags above keep V8 from growing its heap to four times of what lives in it: half of the peak memory.

// Files are forced to the disk side by side; libuv's default of four threads would queue them. Read at first use.
process.env['UV_THREADPOOL_SIZE'] ??= '32'
enableCompileCache()

const { run } = await import('./run.ts')
process.exitCode = await run(process.argv.slice(2))
