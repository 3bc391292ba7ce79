import type { EndEvent } from '../../core/events.ts'
import { FAULT_KINDS } from '../../core/errors.ts'
import type { Outcome } from '../../core/glossary.ts'
import { byteSize, duration, fit, harmless, shellWord } from './format.ts'
import { programName } from './program-name.ts'
import type { Failed } from './progress.ts'
import type { Style } from './style.ts'
import { nameOf, reasonOf } from './told.ts'

export interface Place {
  readonly to: string
  readonly catalog?: string
}

interface SummaryParts {
  readonly end: EndEvent
  readonly place: Place
  readonly dryRun: boolean
  /** What a dry run would have fetched. */
  readonly planned: number
  /** The last of what failed, where it was not told before. */
  readonly failures: readonly Failed[]
  /** How many of the failed are not in the catalog: their listing only named them. */
  readonly unlisted: number
  /** Targets and pages that could not be explored, a line each. */
  readonly lost: readonly string[]
  readonly style: Style
  /** Cells of a line; `Infinity` where the output is no terminal. */
  readonly columns: number
}

const MEANINGS: Readonly<Record<Exclude<Outcome, 'stored' | 'failed'>, string>> = {
  known: 'in the library already',
  excluded: 'by --range or --where',
  rejected: 'by a screen or --where, once the file was here',
  missing: 'numbers that the site does not have',
}

/** The end of a run for a person: what became of everything, and what to do next. */
export function summaryLines({
  end,
  place,
  dryRun,
  planned,
  failures,
  unlisted,
  lost,
  style,
  columns,
}: SummaryParts): readonly string[] {
  const lines = [headline(end, dryRun, planned, style)]
  for (const outcome of ['known', 'excluded', 'rejected', 'missing'] as const)
    if (end[outcome] > 0) lines.push(row(outcome, end[outcome], MEANINGS[outcome], style, columns))
  if (end.failed > 0) {
    lines.push(style.bad(row('failed', end.failed, '', style, columns).trimEnd()))
    for (const [code, count] of Object.entries(end.reasons))
      lines.push(row(`  ${code}`, count, meaningOf(code), style, columns))
    for (const failed of failures) lines.push(`    ${harmless(`${nameOf(failed)}: ${reasonOf(failed)}`)}`)
    if (failures.length > 0 && end.failed > failures.length)
      lines.push(`    and ${end.failed - failures.length} before`)
  }
  if (lost.length > 0) lines.push(style.bad('Could not be explored:'), ...lost.map((line) => `  ${line}`))
  return [...lines, ...(dryRun ? [] : nextSteps(end, unlisted, place, style))]
}

function headline(end: EndEvent, dryRun: boolean, planned: number, style: Style): string {
  const time = duration(end.seconds)
  const word = end.interrupted ? 'Interrupted' : 'Done'
  if (dryRun) return style.strong(`${word} in ${time}: ${style.count(planned)} to collect, nothing was fetched`)
  const rate = end.bytes > 0 && end.seconds > 0 ? `, ${byteSize(end.bytes / end.seconds)}/s` : ''
  const size = end.stored > 0 ? ` (${byteSize(end.bytes)}${rate})` : ''
  return style.strong(`${word} in ${time}: ${style.count(end.stored)} stored${size}`)
}

function row(label: string, count: number, meaning: string, style: Style, columns: number): string {
  return `  ${label.padEnd(14)} ${style.count(count).padStart(7)}  ${style.faint(fit(meaning, columns - 27, style.signs.cut))}`
}

function meaningOf(code: string): string {
  return Object.hasOwn(FAULT_KINDS, code) ? FAULT_KINDS[code as keyof typeof FAULT_KINDS].meaning : ''
}

interface Lost {
  readonly target: string
  readonly place?: string
  readonly reason?: string
}

/** A target or page that could not be explored, where it was named, and why. What a reason names need not be said twice. */
export function lostLine({ target, place, reason = '' }: Lost): string {
  const what = target === place || reason.includes(target) ? reason : `${target}: ${reason}`
  return harmless(place === undefined ? what : `${place}: ${what}`)
}

/** Targets of which a run keeps nothing that `retry` could try again. */
const NOTHING_LEFT: ReadonlySet<string> = new Set(['Usage', 'UnknownTarget', 'NothingFound'])

function nextSteps(end: EndEvent, unlisted: number, place: Place, style: Style): readonly string[] {
  const command = (name: string): string => style.strong(`${programName()} ${name} ${whereOf(place)}`)
  const lines: string[] = []
  const listed = end.failed > unlisted
  if (end.interrupted) lines.push(`What is stored is safe. Go on:  ${command('resume')}`)
  if (listed || end.targets.some(({ code }) => !NOTHING_LEFT.has(code)))
    lines.push(`Try what failed again:          ${command('retry')}`)
  if (listed) lines.push(`List what failed:               ${command('find --state failed')}`)
  if (unlisted > 0)
    lines.push(`Not in the catalog:             ${unlisted} of the failed; get the target again to ask for them`)
  return lines
}

/** The options that name the library, as a shell takes them. */
export function whereOf({ to, catalog }: Place): string {
  return `--to ${shellWord(to)}${catalog === undefined ? '' : ` --catalog ${shellWord(catalog)}`}`
}
