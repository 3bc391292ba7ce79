/**
 * Says aloud which tests were skipped and why, and closes the run with one plain line of counts. Under CI a skip is a
 * failure, unless it is about the folder of recorded answers that stands beside a checkout.
 */
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

interface Skip {
  readonly name: string
  readonly reason: string
}

const EXCUSED = /\.\.\/shared/

/** Why a test did not run: the note given to `skip(note)`, else the bracketed or trailing reason in its name. */
function skipOf(test: TestCase): Skip {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  const reason = note ?? (test.options.mode === 'todo' ? 'marked as todo' : 'no reason but its name')
  return { name: `${test.module.relativeModuleId} > ${test.fullName}`, reason }
}

function isExcused({ name, reason }: Skip): boolean {
  return EXCUSED.test(reason) || EXCUSED.test(name)
}

export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const stateOf = (state: string): readonly TestCase[] => tests.filter((test) => test.result().state === state)
    const skips = stateOf('skipped').map(skipOf)
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length
    const lines = skips.map(({ name, reason }) => `skipped: ${name}: ${reason}`)
    const refused = process.env['CI'] === 'true' ? skips.filter((skip) => !isExcused(skip)) : []
    if (refused.length > 0) {
      lines.push(`${refused.length} of these skips are failures under CI: install what they miss, or mend them.`)
      process.exitCode = 1
    }
    const check = process.env['BOWERBIRD_CHECK_FAILED']
    if (check !== undefined) lines.push(check)
    const failed = stateOf('failed').length + broken + errors.length + refused.length
    lines.push(`${stateOf('passed').length} passed, ${failed} failed, ${skips.length - refused.length} skipped`)
    process.stdout.write(`${lines.join('\n')}\n`)
  }
}
