import { cells, duration, byteSize, fit, fitEnd, harmless } from './format.ts'
import type { Failed, Progress } from './progress.ts'
import type { Style } from './style.ts'
import { nameOf, reasonOf } from './told.ts'

export interface Screen {
  readonly columns: number
  readonly rows: number
  /** Unix milliseconds. */
  readonly now: number
}

const MOST_HOSTS = 6
const LONGEST_BAR = 60
const HOST_CELLS = 28

/**
 * The live view as lines that never wrap: the bar where the end is known, the counts, the hosts that are asked or
 * waited for, and the last failures. Low screens lose hosts first.
 */
export function liveLines(progress: Progress, screen: Screen, style: Style): readonly string[] {
  // One cell stays free: a line that fills the screen makes some terminals begin another.
  const width = Math.max(20, screen.columns - 1)
  const head = [...barLine(progress, width, style), ...countLines(progress, width, style)]
  const failures = progress.failures.map((failed) => failureLine(failed, width, style))
  const room = Math.max(0, screen.rows - 2 - head.length - failures.length)
  return [...head, ...hostLines(progress, screen.now, width, style).slice(0, room), ...failures]
}

function barLine(progress: Progress, width: number, style: Style): readonly string[] {
  const { total, left } = progress
  if (total === undefined) return []
  const done = Math.min(progress.done, total)
  const share = total === 0 ? 0 : done / total
  const facts = [
    `${Math.floor(share * 100)} %`,
    `${style.count(done)} of ${style.count(total)}`,
    ...(left === undefined ? [] : [`${duration(left)} left`]),
  ].join('  ')
  const cellsOfBar = Math.min(LONGEST_BAR, width - cells(facts) - 2)
  if (cellsOfBar < 8) return [fit(facts, width, style.signs.cut)]
  const full = Math.floor(share * cellsOfBar)
  const bar = style.good(style.signs.done.repeat(full)) + style.faint(style.signs.open.repeat(cellsOfBar - full))
  return [`${bar}  ${facts}`]
}

/** What became of the items, and how fast it goes. */
function countLines(progress: Progress, width: number, style: Style): readonly string[] {
  const { counts, active, bytes, bytesPerSecond, rate, total, pages } = progress
  const open = progress.listed - progress.done
  const outcomes = [
    `${style.count(counts.stored)} stored`,
    ...(['known', 'excluded', 'rejected', 'missing', 'failed'] as const)
      .filter((outcome) => counts[outcome] > 0)
      .map((outcome) => `${style.count(counts[outcome])} ${outcome}`),
    ...(open > 0 && total === undefined ? [`${style.count(open)} listed and waiting`] : []),
  ]
  const speed = [
    ...(progress.listed === 0
      ? ['nothing found yet']
      : [
          byteSize(bytes),
          `${byteSize(bytesPerSecond)}/s`,
          ...(rate >= 1 ? [`${style.count(rate)} items/s`] : []),
          `${active} active`,
        ]),
    ...(total === undefined && pages > 1 ? [`${style.count(pages)} pages read`] : []),
  ]
  const [first = '', second = ''] = [outcomes, speed].map((parts) =>
    fit(parts.join(` ${style.signs.dot} `), width, style.signs.cut),
  )
  return [counts.failed > 0 ? first.replace(/\S+ failed/u, (text) => style.bad(text)) : first, style.faint(second)]
}

/** Those that ask for patience first, then the busiest. */
function hostLines(progress: Progress, now: number, width: number, style: Style): readonly string[] {
  const waits = [...progress.waits].filter(([, { until }]) => until > now)
  const hosts = progress.hosts
    .filter(({ host }) => !waits.some(([waiting]) => waiting === host))
    .toSorted((one, other) => other.active + other.waiting - one.active - one.waiting)
  const lines = [
    ...waits.map(([host, { until, reason }]) => {
      const text = `  ${hostCell(host, width, style)}  waits ${duration((until - now) / 1000)}: ${harmless(reason)}`
      return style.patient(fit(text, width, style.signs.cut))
    }),
    ...hosts.map(({ host, active, waiting }) =>
      fit(
        `  ${hostCell(host, width, style)}  ${active} active, ${style.count(waiting)} waiting`,
        width,
        style.signs.cut,
      ),
    ),
  ]
  if (lines.length <= MOST_HOSTS) return lines
  return [...lines.slice(0, MOST_HOSTS - 1), `  and ${lines.length - MOST_HOSTS + 1} more hosts`]
}

function hostCell(host: string, width: number, style: Style): string {
  const room = Math.min(HOST_CELLS, Math.floor(width / 2))
  const text = fitEnd(harmless(host), room, style.signs.cut)
  return text + ' '.repeat(Math.max(0, room - cells(text)))
}

/** The reason is kept whole where it can be, of the URL the end. */
function failureLine(failed: Failed, width: number, style: Style): string {
  const why = fit(harmless(reasonOf(failed)), Math.floor(width / 2), style.signs.cut)
  const name = harmless(nameOf(failed)).replace(/^https?:\/\//, '')
  const what = fitEnd(name, width - cells(why) - 4, style.signs.cut)
  return `${style.bad(style.signs.cross)} ${what}: ${style.faint(why)}`
}
