import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { SkipReporter } from './test/skip-reporter.ts'

export default defineConfig({
  test: {
    include: ['{src,replicas,bench,scripts,test}/**/*.test.ts'],
    globalSetup: 'test/set-up.ts',
    pool: 'forks',
    /** Most suites wait for servers and disks: one more than there are cores keeps these at work. */
    maxWorkers: availableParallelism() + 1,
    /** Generous: a busy machine is ten times as slow, and a test that hangs is still ended. */
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new SkipReporter()],
  },
})
