import { serialize, type ASTNode, type ParseError, type ParseResult, type TypeError } from '@marcbachmann/cel-js'
import { Fault } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { FIELD_NAMES, FILE_FIELDS, type Fields } from './fields.ts'
import { pointAt } from './pointer.ts'
import { absentField, children, contextOf, parseExpression, type Context } from './where-language.ts'
import { ANY, evaluate, FAILED, FALSE, TRUE, type Possible, type Question } from './where-logic.ts'

/**
 * A condition on assets, in CEL: `width >= 2000 && kind == "image"`. All fields of `FIELDS` are variables; what a source
 * adds is reached as `meta.score` and asked for by `has(meta.score)`. Numbers may be written with or without a point.
 *
 * A field that is absent makes what is asked of it fail, and a condition that fails does not hold; what only the file
 * tells (kind, mime, bytes, width, height) is waited for, unless the rest decides without it.
 */
export interface Where {
  readonly text: string
  /** Names below `meta` that it takes for granted: not those it asks for with `has()`. */
  readonly asks: readonly string[]
  /** Of a listed asset: taken, left, or not to be told before its file is here. */
  judge(fields: Fields): 'admit' | 'exclude' | 'ask-file'
  /** The same question once the file has told what it can. */
  judgeFile(fields: Fields): boolean
}

/** Far more than anybody writes; the reader calls itself for each level. */
const MOST_CHARACTERS = 4096

/** Reads a condition; a `Usage` fault for syntax, unknown names and wrong types points at the place. */
export function parseWhere(text: string, origin?: string): Where {
  const { ast, run } = parseChecked(text, origin)
  const question = questionOf(ast)
  const possible = (fields: Fields): Possible => {
    const context = contextOf(fields)
    const whole = answer(run, context)
    return whole === ANY || whole === FAILED ? evaluate(question, context) : whole
  }
  return Object.freeze({
    text,
    asks: asksOf(ast),
    judge: (fields: Fields) => verdict(possible(fields)),
    judgeFile: (fields: Fields) => possible(fields) === TRUE,
  })
}

function verdict(possible: Possible): 'admit' | 'exclude' | 'ask-file' {
  if (possible === TRUE) return 'admit'
  return (possible & TRUE) === 0 ? 'exclude' : 'ask-file'
}

/** Asks one expression: a failure for want of what the file tells leaves everything possible. */
function answer(run: ParseResult, context: Context): Possible {
  try {
    const value: unknown = run(context)
    return value === true ? TRUE : value === false ? FALSE : FAILED
  } catch (error) {
    return FILE_FIELDS.includes(absentField(error) ?? '') ? ANY : FAILED
  }
}

/** Names below `meta`, less those whose presence is asked for as well. */
function asksOf(ast: ASTNode): string[] {
  const [asked, excused] = [new Set<string>(), new Set<string>()]
  const look = (node: ASTNode, names: Set<string>): void => {
    if (node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'meta') names.add(node.args[1])
    const below = node.op === 'call' && node.args[0] === 'has' ? excused : names
    for (const child of children(node.args)) look(child, below)
  }
  look(ast, asked)
  return [...asked].filter((name) => !excused.has(name))
}

/** The logical skeleton of an expression; everything below logic is asked as a whole. */
function questionOf(node: ASTNode): Question<Context> {
  switch (node.op) {
    case '!_':
      return { op: 'not', of: questionOf(node.args) }
    case '&&':
      return { op: 'and', left: questionOf(node.args[0]), right: questionOf(node.args[1]) }
    case '||':
      return { op: 'or', left: questionOf(node.args[0]), right: questionOf(node.args[1]) }
    case '?:': {
      const [condition, yes, no] = node.args
      return { op: 'if', condition: questionOf(condition), yes: questionOf(yes), no: questionOf(no) }
    }
    default: {
      const run = parseExpression(serialize(node))
      return { op: 'ask', answer: (context) => answer(run, context) }
    }
  }
}

function parseChecked(text: string, origin: string | undefined): { readonly ast: ASTNode; readonly run: ParseResult } {
  const { run, verdict: checked } = parseOrFail(text, origin)
  const { valid, type, error } = checked
  if (!valid && error !== undefined) throw failure(text, origin, error)
  if (type !== 'bool' && type !== 'dyn') {
    throw fault(
      text,
      origin,
      `is a ${plainType(type)}, not true or false`,
      0,
      text.length,
      'compare it: title == "x", width >= 2000',
    )
  }
  return { ast: run.ast, run }
}

function parseOrFail(
  text: string,
  origin: string | undefined,
): { readonly run: ParseResult; readonly verdict: ReturnType<ParseResult['check']> } {
  if (text.length > MOST_CHARACTERS)
    throw new Fault('Usage', `a condition has ${text.length} characters (at most ${MOST_CHARACTERS})`)
  if (text.trim() === '') throw fault(text, origin, 'is empty', 0, 0, 'write a condition, such as width >= 2000')
  try {
    const run = parseExpression(text)
    return { run, verdict: run.check() }
  } catch (error) {
    // The stack is full.
    if (error instanceof RangeError) throw fault(text, origin, 'is nested too deep', 0, 1, 'write it in fewer levels')
    if (error instanceof Error && 'summary' in error) throw failure(text, origin, error as ParseError)
    throw error
  }
}

function failure(text: string, origin: string | undefined, error: ParseError | TypeError): Fault {
  const { start, end } = error.range ?? { start: 0, end: text.length }
  const place = text.slice(start, end)
  if (error.code === 'unknown_variable') {
    return fault(text, origin, `asks for "${place}", which is no field`, start, end, adviceForName(place))
  }
  return fault(
    text,
    origin,
    `cannot be understood: ${plainSummary(error.summary)}`,
    start,
    end,
    adviceFor(error, place),
  )
}

function adviceForName(name: string): string {
  return `${didYouMean(name, FIELD_NAMES)} (a field of one source is written meta.${name})`
}

function adviceFor(error: ParseError | TypeError, place: string): string {
  if (/\btype\b/.test(place))
    return 'the kind of a file is kind (image, video, audio, archive, other), its media type is mime'
  if (error.code === 'invalid_macro_argument') return 'has() asks for a field of a source: has(meta.score)'
  if (error.code === 'no_such_overload')
    return 'compare text with "text", numbers with numbers, texts for a part by title.contains("x"), lists by "x" in tags'
  return 'see the fields and examples under --where in the documentation'
}

/** CEL's words for types in ours. */
function plainSummary(summary: string): string {
  const overload = /^no such overload: (.*)/.exec(summary)?.[1]
  if (overload === undefined) return summary
  return `there is no such operation: ${overload.replaceAll(/\b(?:string|int|double)\b/g, plainType)}`
}

function plainType(type = 'value'): string {
  return type === 'int' || type === 'double' ? 'number' : type === 'string' ? 'text' : type
}

function fault(
  text: string,
  origin: string | undefined,
  what: string,
  start: number,
  end: number,
  advice: string,
): Fault {
  const subject = origin === undefined ? 'the condition' : `the condition (${origin})`
  return new Fault('Usage', `${subject} ${what}:\n${pointAt(text, start, end)}`, {
    where: `column ${start + 1}`,
    advice,
  })
}
