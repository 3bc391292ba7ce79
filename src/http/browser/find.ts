import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Fault } from '../../core/errors.ts'

/** Chromium and what is built of it, as the packages of the systems call it. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export const BROWSER_ADVICE =
  'install Chromium (on Debian and Ubuntu: apt-get install chromium), or name another one: --browser FILE or BOWERBIRD_BROWSER=FILE'

type Environment = Readonly<Record<string, string | undefined>>

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function inPath(name: string, { PATH = '' }: Environment): string | undefined {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isProgram)
}

/** The browser that is named (a path, or a program on the search path), else the first that is installed, if any is. */
export function findBrowser(named: string | undefined, environment: Environment): string | undefined {
  if (named !== undefined) return isProgram(named) ? named : inPath(named, environment)
  for (const name of PROGRAMS) {
    const found = inPath(name, environment)
    if (found !== undefined) return found
  }
  return APPLICATIONS.find(isProgram)
}

/** The same; a `Browser` fault that says what to install where there is none. */
export function requireBrowser(named: string | undefined, environment: Environment): string {
  const found = findBrowser(named, environment)
  if (found !== undefined) return found
  const what = named === undefined ? 'no Chromium is installed' : `there is no program ${named}`
  throw new Fault('Browser', `a browser is needed here, and ${what}`, { advice: BROWSER_ADVICE })
}
