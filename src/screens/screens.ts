import { Fault } from '../core/errors.ts'
import type { Screen } from '../core/screen.ts'
import { didYouMean } from '../core/suggest.ts'
import type { ScreenDefinition } from './definition.ts'
import { duplicates } from './duplicates.ts'
import { minSize } from './min-size.ts'
import { type } from './type.ts'

/** Every screen there is, cheapest first. */
export const SCREENS: readonly ScreenDefinition[] = [type, minSize, duplicates]

/** The screens of `--screen NAME[=ARG]`, in the order given. A `Usage` fault names what there is. */
export function parseScreens(texts: readonly string[]): readonly Screen[] {
  return texts.map(parseScreen)
}

function parseScreen(text: string): Screen {
  const trimmed = text.trim()
  const name = /^[a-z-]*/i.exec(trimmed)?.[0] ?? ''
  const definition = SCREENS.find((screen) => screen.name === name.toLowerCase())
  if (definition !== undefined) return definition.make(trimmed.slice(name.length).trim())
  const known = SCREENS.map((screen) => screen.name)
  throw new Fault('Usage', `there is no screen "${trimmed}"; there are: ${known.join(', ')}`, {
    advice: didYouMean(name, known),
  })
}
