import { statSync } from 'node:fs'
import type { Settings } from '../../config/settings.ts'
import { isSecretName } from '../../core/redact.ts'
import type { Source } from '../../core/source.ts'
import { BROWSER_ADVICE, findBrowser } from '../../http/browser/find.ts'
import { sources } from '../../sources/registry.gen.ts'
import { version } from '../version.ts'
import { ok, problem, warning } from './check.ts'
import type { Check } from './check.ts'

type Environment = Readonly<Record<string, string | undefined>>

const OLDEST_NODE = 24

/** The program and what it runs on. */
export function* checkProgram(): Generator<Check> {
  const { node, sqlite } = process.versions
  const message = `${node} on ${process.platform} ${process.arch}, with SQLite ${sqlite ?? 'missing'}`
  yield ok('bowerbird', version)
  yield Number.parseInt(node, 10) >= OLDEST_NODE
    ? ok('node', message)
    : problem('node', { message, evidence: { advice: `Node ${OLDEST_NODE} or newer is needed` } })
}

/** Cookies, credentials of the sources, and the browser; nothing of a secret is told but whether it is there. */
export function* checkAccess(settings: Settings, environment: Environment): Generator<Check> {
  yield* checkCookies(settings.cookies)
  for (const source of sources) yield* checkCredentials(source, settings)
  const browser = findBrowser(settings.browser, environment)
  const users = sources.filter(usesBrowser).map(({ name }) => name)
  if (browser !== undefined) yield ok('browser', browser)
  else yield warning('browser', `there is none, and some routes of ${users.join(', ')} need one`, BROWSER_ADVICE)
}

function usesBrowser({ routes }: Source): boolean {
  return routes.some(({ strategies }) => strategies.some(({ uses }) => uses === 'browser'))
}

function* checkCookies(file: string | undefined): Generator<Check> {
  if (file === undefined) return
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined) {
    const message = `there is no file ${file}`
    yield problem('cookies', { message, evidence: { advice: 'export it again, or leave out --cookies' } })
    return
  }
  const isOpen = process.platform !== 'win32' && (stats.mode & 0o077) !== 0
  yield isOpen
    ? warning('cookies', `others may read ${file}: whoever has your cookies is you`, `chmod 600 '${file}'`)
    : ok('cookies', `${file}, for you alone`)
}

function* checkCredentials({ name, options }: Source, settings: Settings): Generator<Check> {
  const given = settings.sources[name]?.options ?? {}
  const defaults = options.parse({})
  for (const option of Object.keys(options.shape).filter(isCredential)) {
    const value = given[option]
    const isSet = value !== undefined && value !== '' && value !== defaults[option]
    const otherwise = (defaults[option] ?? '') === '' ? 'not set' : 'the default'
    yield ok(name, `${option} is ${isSet ? 'set' : otherwise}`)
  }
}

/** An id belongs to its secret: one without the other is of no use. */
function isCredential(option: string): boolean {
  return isSecretName(option) || /(?:client|engine).?id$/i.test(option)
}
