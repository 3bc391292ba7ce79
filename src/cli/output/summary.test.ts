import { describe, expect, it } from 'vitest'
import type { EndEvent } from '../../core/events.ts'
import { styleOf } from './style.ts'
import { summaryLines } from './summary.ts'

const END: EndEvent = {
  event: 'end',
  run: 1,
  stored: 0,
  known: 0,
  excluded: 0,
  rejected: 0,
  missing: 0,
  failed: 0,
  bytes: 0,
  seconds: 1,
  reasons: {},
  targets: [],
  interrupted: false,
  exit: 0,
}

function stepsOf(end: Partial<EndEvent>, unlisted = 0): readonly string[] {
  const lines = summaryLines({
    end: { ...END, ...end },
    place: { to: 'lib' },
    dryRun: false,
    planned: 0,
    failures: [],
    unlisted,
    lost: [],
    style: styleOf(process.stderr, { LANG: 'C' }),
    columns: 80,
  })
  return lines.filter((line) => /^[A-Z].*: {2,}/.test(line)).map((line) => line.replace(/: {2,}.*/, ''))
}

function lost(code: string): Partial<EndEvent> {
  return { targets: [{ target: 'imgur:r/funny', code, reason: '' }] }
}

describe('the next steps that a summary names', () => {
  it('are retry and find for what failed', () => {
    expect(stepsOf({ failed: 2 })).toEqual(['Try what failed again', 'List what failed'])
  })

  it('are neither for what a listing only names: the catalog does not have it', () => {
    expect(stepsOf({ failed: 2 }, 2)).toEqual(['Not in the catalog'])
    expect(stepsOf({ failed: 3 }, 2)).toEqual(['Try what failed again', 'List what failed', 'Not in the catalog'])
  })

  it('are retry alone for a target that could not be explored, and nothing for one that holds nothing', () => {
    expect(stepsOf(lost('Network'))).toEqual(['Try what failed again'])
    expect(stepsOf(lost('NothingFound'))).toEqual([])
    expect(stepsOf(lost('UnknownTarget'))).toEqual([])
  })

  it('begin with resume after an interruption', () => {
    expect(stepsOf({ failed: 1, interrupted: true })[0]).toBe('What is stored is safe. Go on')
  })
})
