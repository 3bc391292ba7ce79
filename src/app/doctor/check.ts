import type { Fault } from '../../core/errors.ts'

/** One thing that was looked at. */
export interface Check {
  /** `node`, `configuration`, `library`, … */
  readonly check: string
  readonly level: 'ok' | 'warning' | 'problem'
  readonly message: string
  /** What to do; said of whatever is not ok. */
  readonly advice?: string
}

export function ok(check: string, message: string): Check {
  return { check, level: 'ok', message }
}

export function warning(check: string, message: string, advice: string): Check {
  return { check, level: 'warning', message, advice }
}

export function problem(check: string, { message, evidence }: Pick<Fault, 'message' | 'evidence'>): Check {
  const { advice } = evidence
  return { check, level: 'problem', message, ...(advice !== undefined && { advice }) }
}
