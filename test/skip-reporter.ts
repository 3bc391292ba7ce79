/**
 * Says aloud which tests were skipped and why, and closes the run with one plain line of counts. Under CI a skip is a
 * failure, unless it is for want of the folder of recorded answers that may stand beside a checkout.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node'

interface Skip {
  /** The file and the outermost suite, or else the test, that was told to be skipped. */
  readonly what: string
  /** Given to `skip(note)`; tests that decide while they are collected say it in their name. */
  readonly note: string
}

const SHARED = process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../shared')

function skipOf(test: TestCase): Skip {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  return { what: `${test.module.relativeModuleId} > ${skippedPart(test).fullName}`, note: note ? ` (${note})` : '' }
}

function skippedPart(test: TestCase): TestCase | TestSuite {
  let outermost: TestCase | TestSuite = test
  for (let part = test.parent; part.type === 'suite'; part = part.parent) {
    if (part.options.mode === 'skip') outermost = part
  }
  return outermost
}

function isExcused({ what, note }: Skip): boolean {
  return (what + note).includes('../shared') && !existsSync(SHARED)
}

/** One line for all tests of a skipped suite. */
function describeSkips(skips: readonly Skip[]): readonly string[] {
  const groups = Object.groupBy(skips, ({ what, note }) => what + note)
  return Object.entries(groups).map(([line, group = []]) => `skipped ${group.length}: ${line}`)
}

export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: string): readonly TestCase[] => tests.filter((test) => test.result().state === state)
    const skips = inState('skipped').map(skipOf)
    const lines = [...describeSkips(skips)]
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
