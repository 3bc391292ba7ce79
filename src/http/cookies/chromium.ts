import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { decryptValue } from './chromium-value.ts'
import { EXPORT_ADVICE } from './advice.ts'
import { newest, readDatabase } from './database.ts'
import type { BrowserCookies, Machine } from './machine.ts'
import type { NetscapeCookie } from './netscape.ts'

/** A browser built on Chromium, and where its Linux packages keep profiles. */
interface Member {
  readonly label: string
  /** Below the configuration folder, for the distribution's package and for Flatpak. */
  readonly folder: string
  readonly flatpak: string
  /** Below the home folder. */
  readonly snap?: string
}

export const CHROMIUM_FAMILY = {
  chromium: {
    label: 'Chromium',
    folder: 'chromium',
    flatpak: 'org.chromium.Chromium',
    snap: 'snap/chromium/common/chromium',
  },
  chrome: { label: 'Chrome', folder: 'google-chrome', flatpak: 'com.google.Chrome' },
  brave: {
    label: 'Brave',
    folder: 'BraveSoftware/Brave-Browser',
    flatpak: 'com.brave.Browser',
    snap: 'snap/brave/current/.config/BraveSoftware/Brave-Browser',
  },
  edge: { label: 'Edge', folder: 'microsoft-edge', flatpak: 'com.microsoft.Edge' },
  vivaldi: {
    label: 'Vivaldi',
    folder: 'vivaldi',
    flatpak: 'com.vivaldi.Vivaldi',
    snap: 'snap/vivaldi/current/.config/vivaldi',
  },
  opera: {
    label: 'Opera',
    folder: 'opera',
    flatpak: 'com.opera.Opera',
    snap: 'snap/opera/current/.config/opera',
  },
} as const satisfies Record<string, Member>

export type ChromiumName = keyof typeof CHROMIUM_FAMILY

/** In a profile; the second place since Chromium 96, on the systems that run its network service apart. */
const DATABASES = ['Cookies', 'Network/Cookies']

/** From this version of the database on, the SHA-256 of the host stands before each encrypted value. */
const HASH_SINCE = 24

/** Seconds between the beginnings of Windows' clock (1601), which Chromium counts from, and of Unix' (1970). */
const CLOCKS_APART = 11_644_473_600

/** Reads the cookies outside of partitions that no keyring guards. */
export async function readChromium(
  name: ChromiumName,
  profile: string | undefined,
  machine: Machine,
): Promise<BrowserCookies> {
  const member: Member = CHROMIUM_FAMILY[name]
  const browser = member.label
  if (machine.platform !== 'linux') {
    throw new Fault('Usage', `${browser}'s cookies can be read on Linux only: elsewhere the system guards their key`, {
      advice: EXPORT_ADVICE,
    })
  }
  const file =
    profile?.includes('/') === true ? await databaseAt(profile, browser) : await databaseOf(member, profile, machine)
  const { cookies, leftOut } = await readDatabase(file, browser, readRows)
  return { cookies, leftOut, browser, file }
}

function rootsOf({ folder, flatpak, snap }: Member, { home, environment }: Machine): readonly string[] {
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config')
  const roots = [join(config, folder), join(home, '.var/app', flatpak, 'config', folder)]
  return snap === undefined ? roots : [...roots, join(home, snap)]
}

/** The database itself, its profile's folder, or the folder of all profiles. */
async function databaseAt(path: string, browser: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() === true) return resolve(path)
  const file = (await inFolder(path)) ?? (await inFolder(join(path, 'Default')))
  if (file !== undefined) return file
  throw new Fault('Usage', `there are no cookies of ${browser} at ${path}`, {
    advice: "name a profile's folder, the one that holds Cookies; chrome://version in the browser tells it",
  })
}

function inFolder(folder: string): Promise<string | undefined> {
  return newest(DATABASES.map((name) => join(folder, name)))
}

/** The database of the default profile, or of one by its folder's name (`Profile 1`) or the name that people see. */
async function databaseOf(member: Member, name: string | undefined, machine: Machine): Promise<string> {
  const roots = rootsOf(member, machine)
  const found = await Promise.all(
    roots.map(async (root) => {
      const folders = name === undefined ? [join(root, 'Default'), root] : await foldersNamed(root, name)
      return newest((await Promise.all(folders.map(inFolder))).filter((file) => file !== undefined))
    }),
  )
  const file = await newest(found.filter((one) => one !== undefined))
  if (file !== undefined) return file
  const known = (await Promise.all(roots.map(profilesIn))).flat()
  if (known.length === 0) {
    throw new Fault('Usage', `no profile of ${member.label} with cookies was found (looked in ${roots.join(', ')})`, {
      advice: 'name its folder: --cookies-from-browser NAME:/path/to/profile',
    })
  }
  throw new Fault('Usage', `${member.label} has no profile "${name ?? 'Default'}" with cookies`, {
    advice: didYouMean(name ?? 'Default', known),
  })
}

async function profilesIn(root: string): Promise<readonly string[]> {
  const names = await readdir(root).catch(() => [])
  const files = await Promise.all(names.map((name) => inFolder(join(root, name))))
  return files.flatMap((file) => (file === undefined ? [] : [basename(profileFolder(file))]))
}

function profileFolder(file: string): string {
  const folder = dirname(file)
  return basename(folder) === 'Network' ? dirname(folder) : folder
}

async function foldersNamed(root: string, name: string): Promise<readonly string[]> {
  if (name === '.' || name === '..') return []
  const shown = await shownNames(root)
  const folders = Object.keys(shown).filter((folder) => shown[folder] === name)
  return [name, ...folders].map((folder) => join(root, folder))
}

/** What people see as a profile's name, by its folder; the browser keeps it in a file named `Local State`. */
async function shownNames(root: string): Promise<Readonly<Record<string, string>>> {
  try {
    const state = JSON.parse(await readFile(join(root, 'Local State'), 'utf8')) as {
      readonly profile?: { readonly info_cache?: Readonly<Record<string, { readonly name?: unknown }>> }
    }
    const profiles = Object.entries(state.profile?.info_cache ?? {})
    return Object.fromEntries(profiles.map(([folder, { name }]) => [folder, String(name)]))
  } catch {
    return {}
  }
}

function readRows(database: DatabaseSync): Pick<BrowserCookies, 'cookies' | 'leftOut'> {
  const version = Number(database.prepare("SELECT value FROM meta WHERE key = 'version'").get()?.['value'] ?? 0)
  const partitioned = database
    .prepare('PRAGMA table_info(cookies)')
    .all()
    .some((column) => column['name'] === 'top_frame_site_key')
  const rows = database
    .prepare(
      `SELECT host_key, name, value, encrypted_value, path, is_secure, is_httponly, has_expires,
         expires_utc / 1000000 - ${CLOCKS_APART} AS expires
       FROM cookies ${partitioned ? "WHERE top_frame_site_key = ''" : ''}`,
    )
    .all()
  const cookies = rows.map((row) => readRow(row, version >= HASH_SINCE)).filter((cookie) => cookie !== undefined)
  return { cookies, leftOut: rows.length - cookies.length }
}

function readRow(row: Readonly<Record<string, unknown>>, hashed: boolean): NetscapeCookie | undefined {
  const host = String(row['host_key'])
  const encrypted = row['encrypted_value']
  const isEncrypted = encrypted instanceof Uint8Array && encrypted.length > 0
  const value = isEncrypted ? decryptValue(encrypted, hashed ? host : undefined) : String(row['value'])
  if (value === undefined) return undefined
  return {
    domain: host.replace(/^\./, '').toLowerCase(),
    subdomains: host.startsWith('.'),
    path: String(row['path']),
    secure: row['is_secure'] === 1,
    httpOnly: row['is_httponly'] === 1,
    ...(row['has_expires'] === 1 && { expires: Number(row['expires']) * 1000 }),
    name: String(row['name']),
    value,
  }
}
