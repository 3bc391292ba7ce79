/**
 * Asks the registry for known weaknesses of the packages in the lockfile, those inside the bundle included; part of
 * `npm test` in CI. A registry that does not answer is told aloud, and fails nothing: it says nothing about the packages.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

interface Audit {
  readonly vulnerabilities?: Readonly<Record<string, { readonly name: string; readonly severity: string }>>
}

/** Less severe ones are npm's to show: `npm audit`. */
const SEVERE = new Set(['high', 'critical'])

/** Whether nothing severe is known. */
export function audited(): boolean {
  const { stdout } = spawnSync('npm', ['audit', '--json'], {
    cwd: resolve(import.meta.dirname, '..'),
    encoding: 'utf8',
  })
  const { vulnerabilities } = read(stdout)
  if (vulnerabilities === undefined) {
    console.log('npm audit: NOT DONE, the registry does not answer')
    return true
  }
  const severe = Object.values(vulnerabilities).filter(({ severity }) => SEVERE.has(severity))
  for (const { name, severity } of severe)
    console.log(`npm audit: ${name} (${severity}); run npm audit for the advisory`)
  if (severe.length === 0) console.log('npm audit: nothing severe is known')
  return severe.length === 0
}

function read(text: string): Audit {
  try {
    return JSON.parse(text) as Audit
  } catch {
    return {}
  }
}
