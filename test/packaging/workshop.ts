/** What the tests of installation share: temporary folders, and commands as a user's shell would run them. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

export const ROOT = resolve(import.meta.dirname, '../..')

const OF_THIS_RUN = /^(npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$|NODE_ENV$|VITEST|BOWERBIRD_)/

export interface Folder extends AsyncDisposable {
  readonly path: string
}

export async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'bowerbird-packaging-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
}

/** The environment without what npm and vitest added to it; npm takes from its cache what it has. */
function userEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !OF_THIS_RUN.test(name))
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((part) => !part.endsWith('.bin'))
  /** The Node of the system first; where it has none, this one. */
  const PATH = [...path, dirname(process.execPath)].join(delimiter)
  return { ...Object.fromEntries(own), PATH, npm_config_prefer_offline: 'true', npm_config_loglevel: 'error' }
}

/** The same with the Node that runs the tests, which is new enough for the built package. */
export function environmentWithNode(): NodeJS.ProcessEnv {
  const environment = userEnvironment()
  return { ...environment, PATH: [dirname(process.execPath), environment['PATH'] ?? ''].join(delimiter) }
}

interface Outputs {
  readonly stdout: string
  readonly stderr: string
}

/** Rejects, with all that the command said, when its status is not 0. */
export async function run(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: NodeJS.ProcessEnv = userEnvironment(),
): Promise<Outputs> {
  return promisify(execFile)(program, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: Error & Partial<Outputs>) => {
      const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`
      throw new Error(`${program} ${args.join(' ')} failed in ${cwd}\n${said}`, { cause: error })
    },
  )
}
