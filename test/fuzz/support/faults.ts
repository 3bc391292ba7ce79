import { Fault } from '../../../src/core/errors.ts'
import type { FaultCode } from '../../../src/core/errors.ts'

/** What foreign bytes may lead to: anything but a mistake of ours, and nothing that blames the user or the disk. */
export const OF_STRANGERS: readonly FaultCode[] = [
  ...(['NeedsLogin', 'Blocked', 'RateLimited', 'Gone', 'SiteChanged', 'NothingFound', 'HttpStatus'] as const),
  ...(['WrongType', 'Html', 'Empty', 'Damaged', 'TooLarge', 'UnsafeArchive', 'Undecodable'] as const),
]

/** Runs something to its end, be it a `Fault` of one of these codes; everything else that is thrown is thrown on. */
export async function onlyFaults(
  run: () => unknown,
  codes: readonly FaultCode[] = OF_STRANGERS,
): Promise<Fault | undefined> {
  try {
    await run()
    return undefined
  } catch (thrown) {
    if (thrown instanceof Fault && codes.includes(thrown.code)) return thrown
    throw thrown
  }
}

/** Nothing in it could begin another line of a header. */
export function isOneLine(text: string): boolean {
  return !['\r', '\n', '\0'].some((mark) => text.includes(mark))
}
