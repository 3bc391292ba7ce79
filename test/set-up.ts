import { spawnSync } from 'node:child_process'
import { findBrowser } from '../src/http/browser/find.ts'

/** Before all suites: what they drive is installed where it is missing and this machine lets us (Debian and Ubuntu, as root). */
export default function setUp(): void {
  if (findBrowser(process.env['BOWERBIRD_BROWSER'], process.env) !== undefined) return
  if (process.getuid?.() !== 0) return
  console.log('Chromium is missing: it is installed (apt-get install chromium)')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, error } = spawnSync('apt-get', ['-qq', ...command], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (status !== 0) {
      console.log(`apt-get ${command.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`)
      return
    }
  }
}
