import { Fault, toFault } from '../core/errors.ts'
import type { Emit } from '../core/events.ts'
import { redactUrl } from '../core/redact.ts'
import type { RefRow } from '../ports/catalog.ts'
import type { Explored } from './explore.ts'
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

/** Tells what became of a ref: how many assets it listed, or why it could not be explored. */
export function reportRef(
  { spec, page }: RefRow,
  target: string,
  became: { readonly found: number; readonly strategy: string } | Fault,
  emit: Emit,
): void {
  const about = { event: 'ref', source: spec.source, route: spec.route, target, page } as const
  if (became instanceof Fault) emit({ ...about, state: 'failed', found: 0, code: became.code, reason: became.message })
  else emit({ ...about, state: 'explored', ...became })
}

/** Says that a ref is read another way than the one its source prefers, and why. */
export function reportGivenUp({ spec }: RefRow, target: string, { gaveUp, strategy }: Explored, emit: Emit): void {
  for (const { strategy: left, fault } of gaveUp) {
    const message = `${target}: ${spec.route} is read by ${strategy}, as ${left} failed: ${fault.story}`
    emit({ event: 'note', level: 'warning', message })
  }
}

/** Says what a narrower run left for a wider one. */
export function reportHeld(held: number, target: string, emit: Emit): void {
  if (held === 0) return
  const pages = held === 1 ? 'a page of its listing waits' : `${held} pages of its listing wait`
  emit({ event: 'note', level: 'info', message: `${target}: ${pages} for a wider --limit, --range or --pages` })
}

/** Says that another run, which opened the target a moment later, was the first to take its listing. */
export function reportOvertaken(target: string, emit: Emit): void {
  emit({ event: 'note', level: 'info', message: `${target}: another run reads its listing, and fetches what it lists` })
}

/** Says what `--where` asks for in vain. */
export function reportLacking(names: readonly string[], target: string, emit: Emit): void {
  for (const name of names)
    emit({ event: 'note', level: 'warning', message: `${target}: no item has meta.${name}, which --where asks for` })
}

export function nothingFound(): Fault {
  return new Fault('NothingFound', 'there is nothing to collect at this target', {
    advice: 'look at it in a browser: it may need a login (--cookies), or a script to show its images',
  })
}

/** Tallies a target that cannot be collected; local trouble is thrown on. */
export function loseTarget(
  target: { readonly text: string; readonly place?: string },
  thrown: unknown,
  tally: Tally,
): void {
  const fault = toFault(thrown)
  if (isLocal(fault)) throw fault
  const { text, place } = target
  tally.lose(
    { target: text, ...(place !== undefined && { place }), code: fault.code, reason: fault.story },
    exitOf(fault),
  )
}

/** Trouble of this machine, which other targets would meet too. A mistake of a source is none. */
export function isLocal(fault: Fault): boolean {
  return fault.disposition === 'abort' && fault.code !== 'Usage' && fault.code !== 'Internal'
}

/** The exit status of a target that ends so. */
export function exitOf(fault: Fault): number {
  return fault.code === 'Usage' || fault.code === 'Internal' ? fault.exit : 4
}
