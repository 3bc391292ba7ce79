/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out of it, which it does when the
 * registry could not serve them at that moment; `npm ci` refuses such a lockfile. Run it after `npm install NAME` when
 * the test of the lockfile asks for it. Entries it adds carry the exact version that the owner demands, but no hash.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

interface Entry {
  readonly version?: string
  readonly dev?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, Entry>>
}

interface Missing {
  readonly name: string
  readonly version: string
  readonly owner: Entry
}

const SYSTEMS = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openharmony', 'netbsd', 'openbsd', 'sunos', 'aix']
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el']

/** Every place where Node would look for `name` from a package at `path`. */
function places(path: string, name: string): readonly string[] {
  const own = path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`
  const parent = path.includes('/node_modules/') ? path.slice(0, path.lastIndexOf('/node_modules/')) : ''
  return path === '' ? [own] : [own, ...places(parent, name)]
}

/** Optional dependencies that have no entry of their own. */
export function missingOptionals({ packages }: Lockfile): readonly Missing[] {
  return Object.entries(packages).flatMap(([path, owner]) =>
    Object.entries(owner.optionalDependencies ?? {})
      .filter(([name]) => !places(path, name).some((place) => place in packages))
      .map(([name, version]) => ({ name, version, owner })),
  )
}

function entryOf({ name, version, owner }: Missing): object {
  const words = name.split(/[-/]/)
  const cpu = PROCESSORS.find((processor) => words.includes(processor))
  const os = SYSTEMS.find((system) => words.includes(system))
  if (cpu === undefined || os === undefined || !/^\d/.test(version)) {
    throw new Error(`${name}@${version} is left out of the lockfile and names no platform: run npm install again`)
  }
  return { version, cpu: [cpu], ...(owner.dev ? { dev: true } : {}), optional: true, os: [os] }
}

export function complete(lockfile: Lockfile): Lockfile {
  const added = missingOptionals(lockfile).map((missing) => [`node_modules/${missing.name}`, entryOf(missing)] as const)
  const packages = Object.fromEntries(
    [...Object.entries(lockfile.packages), ...added].toSorted(([one], [other]) => one.localeCompare(other, 'en')),
  )
  return { ...lockfile, packages }
}

if (import.meta.main) {
  const path = resolve(import.meta.dirname, '../package-lock.json')
  const lockfile = JSON.parse(await readFile(path, 'utf8')) as Lockfile
  console.log(`${missingOptionals(lockfile).length} entries added to package-lock.json`)
  await writeFile(path, `${JSON.stringify(complete(lockfile), null, 2)}\n`)
}
