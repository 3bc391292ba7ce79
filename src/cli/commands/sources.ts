import { describeSources } from '../../app/describe-sources.ts'
import type { SourceDescription } from '../../app/describe-sources.ts'
import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { aligned, answerWith } from '../answer.ts'
import type { Call } from '../call.ts'
import { settingsOf } from '../settings.ts'

/** Hosts that the list of all sources names of each. */
const MOST_HOSTS = 5
const LONGEST_LINE = 64

/** `sources [NAME...]`: what is supported; of a named one everything there is to say. */
export async function sources(call: Call): Promise<number> {
  const settings = await settingsOf(call)
  const all = describeSources()
  const wanted = call.args.length === 0 ? all : call.args.map((name) => named(name, all))
  if (settings.json) return answerWith(...wanted.map((source) => JSON.stringify(source)))
  if (call.args.length > 0) return answerWith(...wanted.map((source) => whole(source).join('\n')))
  const lines = wanted.map((source) => brief(source).join('\n'))
  return answerWith(...lines, '\n`bowerbird sources NAME` shows routes, options and limits of one.')
}

function named(name: string, all: readonly SourceDescription[]): SourceDescription {
  const source = all.find((each) => each.name === name)
  if (source !== undefined) return source
  const names = all.map((each) => each.name)
  throw new Fault('Usage', `there is no source named "${name}"`, { advice: didYouMean(name, names) })
}

function brief({ name, about, hosts }: SourceDescription): readonly string[] {
  const some = hosts.slice(0, hosts.length > MOST_HOSTS ? MOST_HOSTS - 1 : MOST_HOSTS)
  const left = hosts.length - some.length
  const shown = [...some, ...(left > 0 ? [`and ${left} more`] : [])].join(', ')
  return [`${name.padEnd(12)} ${about}`, ...(shown === '' ? [] : [`${' '.repeat(13)}${shown}`])]
}

function whole({
  name,
  about,
  hosts,
  routes,
  options,
  fields,
  limits,
  folder,
  filename,
}: SourceDescription): readonly string[] {
  return [
    `${name}: ${about}`,
    ...aligned([
      ...inLines(hosts).map((line, index) => [index === 0 ? 'hosts' : ' ', line] as const),
      ['folder', folder],
      ['name', filename],
    ]),
    '\nRoutes',
    ...routes.flatMap((route) => [
      `  ${route.name}: ${route.about}`,
      `      bowerbird ${quoted(route.example)}`,
      ...route.also.map((form) => `             or ${quoted(form)}`),
      ...(route.strategies.length > 1 ? [`      read by ${route.strategies.join(', then ')}`] : []),
    ]),
    ...(options.length === 0 ? [] : [`\nOptions, as --option ${name}.NAME=VALUE`]),
    ...options.flatMap((option) => [
      `  ${option.name}=${option.default === undefined ? '' : written(option.default)}`,
      `      ${option.about} (${option.takes})`,
    ]),
    ...(Object.keys(fields).length === 0
      ? []
      : ['\nFields, as {NAME} in --folder and --name, as meta.NAME in --where']),
    ...aligned(Object.entries(fields)),
    ...(limits.length === 0 ? [] : ['\nLimits, unless --per-host, --rate or --timeout says otherwise']),
    ...limits.map((limit) => `  ${limit.hosts.join(', ')}${limit.path ?? ''}: ${budget(limit)}`),
  ]
}

/** Names with commas between them, in lines that a terminal of 80 cells does not break. */
function inLines(names: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last === undefined || last.length + name.length > LONGEST_LINE) lines.push(name)
    else lines[lines.length - 1] = `${last}, ${name}`
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line))
}

function budget({ slots, perSecond, timeout, userAgent }: SourceDescription['limits'][number]): string {
  return [
    ...(slots === undefined ? [] : [`${slots} at once`]),
    ...(perSecond === undefined ? [] : [`${perSecond} a second`]),
    ...(timeout === undefined ? [] : [`given up after ${timeout} s of silence`]),
    ...(userAgent === undefined ? [] : [`user agent ${userAgent}`]),
  ].join(', ')
}

function quoted(example: string): string {
  return /^[\w:/.@-]+$/.test(example) ? example : `'${example}'`
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
