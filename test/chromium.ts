import { describe } from 'vitest'
import { findBrowser } from '../src/http/browser/find.ts'

/** The browser that tests drive; nothing where none is installed. */
export const CHROMIUM = findBrowser(process.env['BOWERBIRD_BROWSER'], process.env)

/** `describe` for what needs a browser: without one its tests are skipped, and their names say why. */
export function describeWithBrowser(name: string, tests: () => void): void {
  const reason =
    CHROMIUM === undefined ? ' (no Chromium is installed, and it could not be: apt-get install chromium)' : ''
  describe.skipIf(CHROMIUM === undefined)(`${name}${reason}`, () => {
    tests()
  })
}
