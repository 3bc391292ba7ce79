import { nearest } from '../core/suggest.ts'
import type { Environment } from './file.ts'
import { emptyLayer, sayForSource, type Layer } from './layer.ts'
import { LASTING_NAMES, LATER_OPTIONS, optionOf, OPTION_NAMES, variableOf, type OptionName } from './options.ts'
import type { Origin, Problems } from './problems.ts'
import type { Flags } from './settings.ts'
import { fromText } from './values.ts'

const PREFIX = 'BOWERBIRD_'
/** Not settings: the place of the configuration file, and what the project's own tests are told. */
const OTHER_VARIABLES: readonly string[] = ['BOWERBIRD_CONFIG', 'BOWERBIRD_SHARED', 'BOWERBIRD_CHECK_FAILED']

/** What `BOWERBIRD_*` says; an empty variable says nothing. A repeatable option takes a line for each value. */
export function layerOfEnvironment(environment: Environment, problems: Problems): Layer {
  const layer = emptyLayer()
  const names = new Map(LASTING_NAMES.map((name) => [variableOf(name), name]))
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || OTHER_VARIABLES.includes(variable) || text === undefined || text === '')
      continue
    const origin: Origin = { layer: 'environment', label: variable }
    const name = names.get(variable)
    if (name === undefined) problems.add(origin, unknownVariable(variable, [...names.keys()]))
    else layer.options.set(name, { value: readText(name, text.split('\n')), origin })
  }
  return layer
}

function unknownVariable(variable: string, known: readonly string[]): string {
  const later = Object.entries(LATER_OPTIONS).find(([name]) => variableOf(name) === variable)?.[1]
  if (later !== undefined) return `this is of a later version; ${later}`
  const callOnly = OPTION_NAMES.find((name) => variableOf(name) === variable)
  if (callOnly !== undefined) return `this is said for one call only: ${optionOf(callOnly).flag}`
  const near = nearest(variable, known)
  return `no such setting${near === undefined ? '' : `; did you mean ${near}?`}`
}

/** What the command line says: only what was written, no defaults. */
export function layerOfFlags(flags: Flags, problems: Problems): Layer {
  const layer = emptyLayer()
  for (const name of OPTION_NAMES) {
    const written = flags[name]
    if (written === undefined) continue
    const origin: Origin = { layer: 'flags', label: optionOf(name).flag }
    const texts = typeof written === 'boolean' ? [] : [written].flat()
    if (name === 'option') for (const text of texts) saySourceOption(layer, text, origin, problems)
    else layer.options.set(name, { value: typeof written === 'boolean' ? written : readText(name, texts), origin })
  }
  return layer
}

function readText(name: OptionName, texts: readonly string[]): unknown {
  const option = optionOf(name)
  if (option.repeatable === true) return texts.filter((text) => text !== '').map((text) => fromText(option, text))
  return fromText(option, texts.at(-1) ?? '')
}

/** `imgur.gif=mp4`. */
function saySourceOption(layer: Layer, text: string, origin: Origin, problems: Problems): void {
  const [, source, name, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? []
  if (source === undefined || name === undefined || value === undefined) {
    // What stands behind the first sign of a value may be a secret.
    problems.add(origin, `"${text.split('=', 1)[0] ?? ''}" is not of the form SOURCE.NAME=VALUE, such as imgur.gif=mp4`)
    return
  }
  sayForSource(layer, source, name, {
    value: new WrittenText(value),
    origin: { ...origin, label: `${origin.label} ${source}.${name}` },
  })
}

/** A text that may stand for a number, a switch or a list; the schema of the source's option decides. */
export class WrittenText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** All that the text may mean, the text itself first. */
  readings(): readonly unknown[] {
    const { text } = this
    const number = text.trim() !== '' && Number.isFinite(Number(text)) ? [Number(text)] : []
    const words: Readonly<Record<string, boolean>> = {
      true: true,
      yes: true,
      on: true,
      false: false,
      no: false,
      off: false,
    }
    const truth = words[text.toLowerCase()]
    return [
      text,
      ...number,
      ...(typeof truth === 'boolean' ? [truth] : []),
      text === '' ? [] : text.split(',').map((item) => item.trim()),
    ]
  }
}
