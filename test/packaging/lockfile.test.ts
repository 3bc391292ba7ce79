import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { complete, missingOptionals } from '../../scripts/complete-lockfile.ts'
import type { Lockfile } from '../../scripts/complete-lockfile.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { ROOT } from './workshop.ts'

const TEXT = await readFile(resolve(ROOT, 'package-lock.json'), 'utf8')
const LOCKFILE = JSON.parse(TEXT) as Lockfile & {
  readonly packages: Record<string, { readonly resolved?: string; readonly hasInstallScript?: boolean }>
}

describe('the lockfile', () => {
  it('names no registry, so that everybody installs from their own', () => {
    expect(Object.values(LOCKFILE.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
  })

  it('knows every package that has an install script, and lets node alone run its own', () => {
    const scripted = Object.entries(LOCKFILE.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''))
    const allowed: Readonly<Record<string, boolean>> = packageJson.allowScripts
    expect(scripted.filter((name) => !(name in allowed))).toEqual([])
    expect(Object.keys(allowed).filter((name) => allowed[name] === true)).toEqual(['node'])
  })

  it('holds the packages of every platform (if not: node scripts/complete-lockfile.ts)', () => {
    expect(missingOptionals(LOCKFILE)).toEqual([])
  })

  it('is completed with version and platform of what npm left out', () => {
    const partial: Lockfile = {
      packages: {
        '': {},
        'node_modules/fast': { version: '1.2.0', dev: true, optionalDependencies: { '@fast/linux-x64-gnu': '1.2.0' } },
        'node_modules/other': { version: '1.0.0', optionalDependencies: { inside: '2.0.0' } },
        'node_modules/other/node_modules/inside': { version: '2.0.0' },
      },
    }
    expect(complete(partial).packages['node_modules/@fast/linux-x64-gnu']).toEqual({
      version: '1.2.0',
      cpu: ['x64'],
      dev: true,
      optional: true,
      os: ['linux'],
    })
    expect(missingOptionals(complete(partial))).toEqual([])
  })
})
