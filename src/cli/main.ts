#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Files are forced to the disk side by side; libuv's default of four threads would queue them. Read at first use.
process.env['UV_THREADPOOL_SIZE'] ??= '32'
enableCompileCache()

const { run } = await import('./run.ts')
process.exitCode = await run(process.argv.slice(2))
