import { Fault } from '../core/errors.ts'
import type { Params } from '../core/source.ts'

/** A parameter that the route's own `match` or cursor put there as text. */
export function textParam(params: Params, name: string): string {
  const value = params[name]
  if (typeof value === 'string') return value
  throw new Fault('Internal', `the ref lacks the parameter ${name}`)
}

/** A parameter that the route's own `match` put there as a number. */
export function numberParam(params: Params, name: string): number {
  const value = params[name]
  if (typeof value === 'number') return value
  throw new Fault('Internal', `the ref lacks the parameter ${name}`)
}
