import { LATER_PLACES, optionOf, type OptionName } from './options.ts'
import type { Layer, Said } from './layer.ts'
import { LAYER_ORDER, type Problems } from './problems.ts'
import { optionSchema } from './schema.ts'
import { allowed, shown } from './values.ts'

/** A value that its schema took: `value` is what settings hold, `said` what somebody wrote. */
export interface Checked {
  readonly value: unknown
  readonly said: Said
}

export type CheckedOptions = ReadonlyMap<OptionName, Checked>

/** What all layers say, later over earlier ones. What is wrong is a problem, also where a later layer covers it. */
export function checkOptions(layers: readonly Layer[], problems: Problems): CheckedOptions {
  const checked = new Map<OptionName, Checked>()
  for (const layer of layers) {
    for (const [name, said] of layer.options) {
      const one = checkOption(name, said, problems)
      if (one !== undefined) checked.set(name, one)
    }
  }
  return checked
}

export function checkOption(name: OptionName, said: Said, problems: Problems): Checked | undefined {
  const later = LATER_PLACES.find(
    ({ option, pattern }) => option === name && typeof said.value === 'string' && pattern.test(said.value),
  )
  if (later !== undefined) {
    problems.add(said.origin, `this version cannot use ${shown(said.value, optionOf(name))}; ${later.advice}`)
    return undefined
  }
  const { success, data } = optionSchema(name).safeParse(said.value)
  if (success) return { value: data, said }
  const subject = said.origin.layer === 'file' ? `${name} cannot be ` : 'cannot be '
  problems.add(said.origin, `${subject}${shown(said.value, optionOf(name))}; it takes ${allowed(optionOf(name))}`)
  return undefined
}

/** The values of options that have a default, as settings hold them. */
export function defaultOf(name: OptionName): unknown {
  const standard = optionOf(name).default
  return standard === undefined ? undefined : optionSchema(name).parse(standard)
}

/** Whether one place speaks louder than another. */
export function isLater(one: Said, other: Said): boolean {
  return LAYER_ORDER.indexOf(one.origin.layer) > LAYER_ORDER.indexOf(other.origin.layer)
}
