/**
 * Logic over conditions that cannot all be answered yet. What a condition may still turn out to be is a set of three
 * answers: true, false, and failed (a field is absent, a value has the wrong type). As CEL has it, a failed operand does
 * not matter where the other one decides: `failed && false` is false, `failed || true` is true.
 */
export type Possible = number

export const TRUE: Possible = 1
export const FALSE: Possible = 2
export const FAILED: Possible = 4
export const ANY: Possible = TRUE | FALSE | FAILED

/** A condition as a tree; what is below `ask` is answered as a whole. */
export type Question<Context> =
  | { readonly op: 'ask'; readonly answer: (context: Context) => Possible }
  | { readonly op: 'not'; readonly of: Question<Context> }
  | { readonly op: 'and' | 'or'; readonly left: Question<Context>; readonly right: Question<Context> }
  | {
      readonly op: 'if'
      readonly condition: Question<Context>
      readonly yes: Question<Context>
      readonly no: Question<Context>
    }

/** All that a condition may turn out to be, taking its parts for independent of each other. */
export function evaluate<Context>(question: Question<Context>, context: Context): Possible {
  switch (question.op) {
    case 'ask':
      return question.answer(context)
    case 'not':
      return not(evaluate(question.of, context))
    case 'and':
      return and(evaluate(question.left, context), () => evaluate(question.right, context))
    case 'or':
      return not(and(not(evaluate(question.left, context)), () => not(evaluate(question.right, context))))
    case 'if':
      return choose(question, context)
  }
}

function not(of: Possible): Possible {
  return (of & FAILED) | (of & TRUE ? FALSE : 0) | (of & FALSE ? TRUE : 0)
}

function and(left: Possible, rightOf: () => Possible): Possible {
  if (left === FALSE) return FALSE
  const right = rightOf()
  const bothTrue = left & right & TRUE
  const oneFalse = (left | right) & FALSE
  const leftFails = left & FAILED && right & (TRUE | FAILED)
  const rightFails = right & FAILED && left & (TRUE | FAILED)
  return bothTrue | oneFalse | (leftFails || rightFails ? FAILED : 0)
}

function choose<Context>(question: Question<Context> & { readonly op: 'if' }, context: Context): Possible {
  const condition = evaluate(question.condition, context)
  const yes = condition & TRUE ? evaluate(question.yes, context) : 0
  const no = condition & FALSE ? evaluate(question.no, context) : 0
  return yes | no | (condition & FAILED)
}
