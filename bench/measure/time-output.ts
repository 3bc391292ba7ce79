/** What a process and all its children used, as GNU time (or bash) tells it. */
export interface Usage {
  /** Seconds. */
  readonly user: number
  readonly system: number
  /** Bytes: the peak of the largest single process. Only GNU time knows it. */
  readonly peak?: number
}

/** For `time -f`: seconds in user and kernel mode, and the peak in KiB. */
export const TIME_FORMAT = '%U %S %M'
/** For bash's `time`, which knows no memory. */
export const BASH_TIME_FORMAT = '%3U %3S'

/** Reads what one of the formats above wrote; what the program itself said may stand before it. */
export function readTimeOutput(text: string): Usage | undefined {
  const found = /^([\d.]+) ([\d.]+)(?: (\d+))?$/.exec(text.trim().split('\n').at(-1) ?? '')
  if (found === null) return undefined
  const [, user, system, peak] = found
  return { user: Number(user), system: Number(system), ...(peak !== undefined && { peak: Number(peak) * 1024 }) }
}
