import { describe, expect, it } from 'vitest'
import { ANY, evaluate, FAILED, FALSE, TRUE, type Possible, type Question } from './where-logic.ts'

const answers = [TRUE, FALSE, FAILED] as const
const sets = [1, 2, 3, 4, 5, 6, 7] as const

const ask = (answer: Possible): Question<undefined> => ({ op: 'ask', answer: () => answer })
const value = (question: Question<undefined>): Possible => evaluate(question, undefined)

/** What CEL says of single answers, written out. */
const TABLE = {
  and: (left: Possible, right: Possible) =>
    left === FALSE || right === FALSE ? FALSE : left === TRUE && right === TRUE ? TRUE : FAILED,
  or: (left: Possible, right: Possible) =>
    left === TRUE || right === TRUE ? TRUE : left === FALSE && right === FALSE ? FALSE : FAILED,
}

const members = (set: Possible): readonly Possible[] => answers.filter((answer) => set & answer)

describe.each(['and', 'or'] as const)('%s', (op) => {
  it.each(sets.flatMap((left) => sets.map((right) => [left, right] as const)))(
    'of %d and %d is what its parts allow',
    (left, right) => {
      const expected = members(left).flatMap((one) => members(right).map((other) => TABLE[op](one, other)))
      expect(members(value({ op, left: ask(left), right: ask(right) }))).toEqual(
        answers.filter((answer) => expected.includes(answer)),
      )
    },
  )

  it('does not ask the right side when the left decides', () => {
    const decided = op === 'and' ? FALSE : TRUE
    const right: Question<undefined> = {
      op: 'ask',
      answer: () => {
        throw new Error('asked')
      },
    }
    expect(value({ op, left: ask(decided), right })).toBe(decided)
  })
})

describe('not', () => {
  it.each([
    [TRUE, FALSE],
    [FALSE, TRUE],
    [FAILED, FAILED],
    [ANY, ANY],
    [TRUE | FAILED, FALSE | FAILED],
  ])('of %d is %d', (of, result) => expect(value({ op: 'not', of: ask(of) })).toBe(result))
})

describe('if', () => {
  it.each([
    [TRUE, TRUE, FAILED, TRUE],
    [FALSE, TRUE, FAILED, FAILED],
    [FAILED, TRUE, TRUE, FAILED],
    [ANY, TRUE, TRUE, TRUE | FAILED],
    [ANY, FALSE, FALSE, FALSE | FAILED],
  ])('%d ? %d : %d is %d', (condition, yes, no, result) => {
    expect(value({ op: 'if', condition: ask(condition), yes: ask(yes), no: ask(no) })).toBe(result)
  })
})
