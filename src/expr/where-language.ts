import { Environment, EvaluationError, type ASTNode, type ParseResult } from '@marcbachmann/cel-js'
import { FIELDS, FIELD_NAMES, type FieldName, type Fields } from './fields.ts'
import type { Json } from '../core/glossary.ts'

/** What an expression sees: only fields that are there, with the types that CEL was told. */
export type Context = Readonly<Record<string, unknown>>

const TYPES = { string: 'string', number: 'double', strings: 'list<string>' } as const

/** CEL has a type of the name `bytes`: the field goes by another inside. */
const BYTES = '__bytes'
const RENAMED: ReadonlyMap<string, string> = new Map([['bytes', BYTES]])

/** Literals without a point are whole numbers in CEL, fields are not: both may meet in any operation. */
const MIXED: readonly (readonly [string, (left: number, right: number) => number | boolean])[] = [
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
]

const environment = makeEnvironment()

function makeEnvironment(): Environment {
  const made = new Environment()
  for (const name of FIELD_NAMES) made.registerVariable(RENAMED.get(name) ?? name, TYPES[FIELDS[name].type])
  made.registerVariable('meta', 'map<string, dyn>')
  for (const [operator, apply] of MIXED) {
    const handler = (left: number | bigint, right: number | bigint): number | boolean =>
      apply(Number(left), Number(right))
    made.registerOperator(`double ${operator} int`, handler)
    made.registerOperator(`int ${operator} double`, handler)
    if (operator === '%') made.registerOperator(`double ${operator} double`, handler)
  }
  made.registerOperator('double == int', (left: number, right: bigint) => left === Number(right))
  return made
}

/** The name of a field by the name it has inside. */
function fieldName(inside: string): string {
  return inside === BYTES ? 'bytes' : inside
}

/** Parsed, not yet checked. */
export function parseExpression(text: string): ParseResult {
  const parsed = environment.parse(text)
  adapt(parsed.ast)
  return parsed
}

/** Renames fields, and makes `width in [1920, 2560]` compare numbers of one type. */
function adapt(node: ASTNode): void {
  if (node.op === 'id') {
    const inside = RENAMED.get(node.args)
    if (inside !== undefined) Object.assign(node, { args: inside })
    return
  }
  if (node.op === 'in' && isNumberField(node.args[0])) makeDoubles(node.args[1])
  for (const child of children(node.args)) adapt(child)
}

function isNumberField(node: ASTNode): boolean {
  return node.op === 'id' && Object.hasOwn(FIELDS, node.args) && FIELDS[node.args as FieldName].type === 'number'
}

function makeDoubles(node: ASTNode): void {
  if (node.op !== 'list') return
  for (const item of node.args) {
    if (item.op === 'value' && typeof item.args === 'bigint') Object.assign(item, { args: Number(item.args) })
  }
}

/** The nodes directly below, in whatever lists the operands of an operator are kept. */
export function children(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(children)
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : []
}

/** Fields as CEL wants them. What has another type than its name promises is absent. */
export function contextOf(fields: Fields): Context {
  const context: Record<string, unknown> = {}
  for (const name of FIELD_NAMES) {
    const value = typed(fields[name], FIELDS[name].type)
    if (value !== undefined) context[RENAMED.get(name) ?? name] = value
  }
  context['meta'] = fields['meta'] ?? {}
  return context
}

function typed(value: Json | undefined, type: keyof typeof TYPES): unknown {
  switch (type) {
    case 'string':
      return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined
    case 'number':
      return typeof value === 'number' ? value : undefined
    case 'strings':
      return strings(value)
  }
}

function strings(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

/** The field whose absence made an evaluation fail. */
export function absentField(error: unknown): string | undefined {
  if (!(error instanceof EvaluationError) || error.code !== 'unknown_variable') return undefined
  const name = error.node?.args
  return typeof name === 'string' ? fieldName(name) : undefined
}
