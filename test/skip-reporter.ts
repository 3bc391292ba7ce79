/**
 * Says aloud which tests were skipped and why, and closes the run with one plain line of counts. Under CI a skip is a
 * failure, unless it is for want of the folder of recorded answers that may stand beside a checkout.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

interface Skip {
  readonly name: string
  readonly reason: string
}

const SHARED = process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../shared')

/** The reason is the note given to `skip(note)`; tests that decide while they are collected say it in their name. */
function skipOf(test: TestCase): Skip {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  return { name: `${test.module.relativeModuleId} > ${test.fullName}`, reason: note ?? 'see its name' }
}

function isExcused({ name, reason }: Skip): boolean {
  return `${name} ${reason}`.includes('../shared') && !existsSync(SHARED)
}

export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: string): readonly TestCase[] => tests.filter((test) => test.result().state === state)
    const skips = inState('skipped').map(skipOf)
    const lines = skips.map(({ name, reason }) => `skipped: ${name} (${reason})`)
    const refused = process.env['CI'] === 'true' ? skips.filter((skip) => !isExcused(skip)).length : 0
    if (refused > 0) {
      lines.push(`${refused} of these skips count as failures under CI: install what they miss, or mend them`)
      process.exitCode = 1
    }
    const check = process.env['BOWERBIRD_CHECK_FAILED']
    if (check !== undefined) lines.push(check)
    /** A file that could not be loaded and an error outside any test fail the run as well. */
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length
    const failed = inState('failed').length + broken + refused
    lines.push(`${inState('passed').length} passed, ${failed} failed, ${skips.length - refused} skipped`)
    process.stdout.write(`${lines.join('\n')}\n`)
  }
}
