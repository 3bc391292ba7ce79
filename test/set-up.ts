import type { TestProject } from 'vitest/node'
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { bundle, writeBundle } from '../scripts/bundle.ts'
import { findBrowser } from '../src/http/browser/find.ts'
import { PACKAGE_FOLDER } from './program.ts'

/** Debian package → whether what the tests want of it is here. */
const WANTED: Readonly<Record<string, () => boolean>> = {
  chromium: () => findBrowser(process.env['BOWERBIRD_BROWSER'], process.env) !== undefined,
  strace: () => isOnPath('strace'),
  faketime: () => isOnPath('faketime'),
}

/** Before all suites, and in watch mode before they run again. */
export default async function setUp(project: TestProject): Promise<void> {
  installMissing()
  await putProgram()
  project.onTestsRerun(putProgram)
  // Threads and programs that suites start from the sources are compiled once, not hundreds of times.
  process.env['NODE_COMPILE_CACHE'] ??= join(PACKAGE_FOLDER, 'compiled')
}

async function putProgram(): Promise<void> {
  await writeBundle(await bundle(), join(PACKAGE_FOLDER, 'dist'))
  await copyFile(join(import.meta.dirname, '../package.json'), join(PACKAGE_FOLDER, 'package.json'))
}

/** What suites drive is installed where it is missing and this machine lets us (Debian and Ubuntu, as root). */
function installMissing(): void {
  const missing = Object.keys(WANTED).filter((name) => WANTED[name]?.() === false)
  if (missing.length === 0 || process.getuid?.() !== 0) return
  console.log(`${missing.join(', ')} missing: installed now (apt-get install ${missing.join(' ')})`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
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

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}
