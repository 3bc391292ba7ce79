import { Fault } from '../core/errors.ts'
import type { Screen } from '../core/screen.ts'

/** One kind of screen: described as data for help and documentation, made from what stands behind its name. */
export interface ScreenDefinition {
  readonly name: string
  /** As a user writes it: `min-size=WxH`. */
  readonly usage: string
  readonly example: string
  /** What it keeps and rejects, and what becomes of files it can say nothing about. */
  readonly about: string
  /** `rest` is all that was written behind the name, such as `=800x600`; a `Usage` fault where that makes no sense. */
  make(rest: string): Screen
}

/** A mistake in what was written behind the name. */
export function badArgument({ name, usage, example }: ScreenDefinition, rest: string): Fault {
  const what = rest === '' ? `the screen ${name} needs an argument` : `the screen ${name} does not understand "${rest}"`
  return new Fault('Usage', `${what}: write ${usage}`, { advice: `for example: --screen ${example}` })
}

/** What stands behind `=`; nothing where there is none. */
export function argumentOf(rest: string): string | undefined {
  return rest.startsWith('=') ? rest.slice(1).trim() : undefined
}
