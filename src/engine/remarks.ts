import { toFault } from '../core/errors.ts'
import type { Fault } from '../core/errors.ts'
import type { Emit } from '../core/events.ts'
import { redactUrl } from '../core/redact.ts'
import type { Remark } from './listing.ts'
import type { Tally } from './tally.ts'

/** Counts and tells what a listing says besides assets and refs. */
export function report(remark: Remark, tally: Tally, emit: Emit): void {
  switch (remark.kind) {
    case 'note':
      emit({ event: 'note', level: 'info', message: remark.message })
      break
    case 'missing': {
      const { key, url, why: reason, status } = remark
      tally.count('missing')
      emit({ event: 'missing', key, url: redactUrl(url), reason, ...(status !== undefined && { status }) })
      break
    }
    case 'unavailable': {
      const { code, what: url, why: reason } = remark
      tally.fail(code, 3)
      emit({ event: 'failed', key: '', url, code, reason, attempts: 1 })
      break
    }
  }
}

/** Tallies a target that cannot be collected; local trouble is thrown on. */
export function loseTarget(
  target: { readonly text: string; readonly line?: number },
  thrown: unknown,
  tally: Tally,
): void {
  const fault = toFault(thrown)
  if (isLocal(fault)) throw fault
  const where = target.line === undefined ? '' : `line ${target.line}: `
  tally.lose(target.text, fault.code, `${where}${fault.story}`, exitOf(fault))
}

/** Trouble of this machine, which other targets would meet too. A mistake of a source is none. */
export function isLocal(fault: Fault): boolean {
  return fault.disposition === 'abort' && fault.code !== 'Usage' && fault.code !== 'Internal'
}

/** The exit status of a target that ends so. */
export function exitOf(fault: Fault): number {
  return fault.code === 'Usage' || fault.code === 'Internal' ? fault.exit : 4
}
