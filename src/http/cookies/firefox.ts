import { readFile, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { newest, readDatabase } from './database.ts'
import type { BrowserCookies, Machine } from './machine.ts'
import type { NetscapeCookie } from './netscape.ts'

const DATABASE = 'cookies.sqlite'

/** From this version of its database on, Firefox (142 and later) counts the expiry in milliseconds. */
const MILLISECONDS_SINCE = 16

/** One section of profiles.ini. */
interface Profile {
  readonly name: string
  readonly folder: string
  /** The browser starts with it: 2 an installation's own choice, 1 the older mark, 0 neither. */
  readonly rank: 0 | 1 | 2
}

/** Reads the cookies outside of containers and partitions; session cookies are not in the database. */
export async function readFirefox(profile: string | undefined, machine: Machine): Promise<BrowserCookies> {
  const file = profile?.match(/[/\\]/) ? await databaseAt(profile) : await databaseOf(profile, machine)
  return { cookies: await readDatabase(file, 'Firefox', readRows), leftOut: 0, browser: 'Firefox', file }
}

/** Folders that hold a profiles.ini: distribution package (Firefox 147 moved it), snap, Flatpak; macOS; Windows. */
function rootsOf({ platform, home, environment }: Machine): readonly string[] {
  if (platform === 'darwin') return [join(home, 'Library/Application Support/Firefox')]
  if (platform === 'win32') return [join(environment['APPDATA'] ?? join(home, 'AppData/Roaming'), 'Mozilla/Firefox')]
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config')
  return [
    join(config, 'mozilla/firefox'),
    join(home, '.mozilla/firefox'),
    join(home, 'snap/firefox/common/.mozilla/firefox'),
    join(home, '.var/app/org.mozilla.firefox/config/mozilla/firefox'),
    join(home, '.var/app/org.mozilla.firefox/.mozilla/firefox'),
  ]
}

async function databaseAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  const file = found?.isDirectory() === true ? join(path, DATABASE) : resolve(path)
  if ((await newest([file])) !== undefined) return file
  throw new Fault('Usage', `there are no cookies of Firefox at ${path}`, {
    advice: `name a profile's folder, the one that holds ${DATABASE}; about:support in Firefox tells it`,
  })
}

/** The database of a profile by its name or its folder's, else of the one that the browser starts with. */
async function databaseOf(name: string | undefined, machine: Machine): Promise<string> {
  const roots = rootsOf(machine)
  const lists = await Promise.all(roots.map(readProfiles))
  const chosen = await Promise.all(lists.map((profiles) => choose(profiles, name)))
  const file = await newest(chosen.filter((one) => one !== undefined))
  if (file !== undefined) return file
  const known = lists.flat().map((profile) => profile.name)
  if (name === undefined || known.length === 0) {
    throw new Fault('Usage', `no profile of Firefox with cookies was found (looked in ${roots.join(', ')})`, {
      advice: 'name its folder: --cookies-from-browser firefox:/path/to/profile',
    })
  }
  throw new Fault('Usage', `Firefox has no profile "${name}" with cookies`, { advice: didYouMean(name, known) })
}

/** A profile that was made and never used has no cookies; the next one in rank is the one that was meant then. */
async function choose(profiles: readonly Profile[], name: string | undefined): Promise<string | undefined> {
  const ranks =
    name === undefined
      ? [2, 1, 0].map((rank) => profiles.filter((profile) => profile.rank === rank))
      : [profiles.filter((profile) => profile.name === name || basename(profile.folder) === name)]
  for (const rank of ranks) {
    const file = await newest(rank.map((profile) => join(profile.folder, DATABASE)))
    if (file !== undefined) return file
  }
  return undefined
}

async function readProfiles(root: string): Promise<readonly Profile[]> {
  const text = await readFile(join(root, 'profiles.ini'), 'utf8').catch(() => '')
  const sections = text
    .split(/^\s*\[/m)
    .slice(1)
    .map(readSection)
  const started = new Set(
    sections.filter(({ title }) => title.startsWith('Install')).map(({ keys }) => keys['Default']),
  )
  return sections.flatMap(({ title, keys }) => {
    const path = keys['Path']
    if (!title.startsWith('Profile') || path === undefined) return []
    const folder = keys['IsRelative'] === '0' || isAbsolute(path) ? path : join(root, path)
    return [
      { name: keys['Name'] ?? basename(path), folder, rank: started.has(path) ? 2 : keys['Default'] === '1' ? 1 : 0 },
    ]
  })
}

interface Section {
  readonly title: string
  readonly keys: Readonly<Record<string, string>>
}

function readSection(text: string): Section {
  const [head = '', ...lines] = text.split(/\r?\n/)
  const pairs = lines.flatMap((line) => {
    const [, key, value] = /^\s*([^=;#]+?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    return key === undefined || value === undefined ? [] : [[key, value] as const]
  })
  return { title: head.replace(/\].*$/, ''), keys: Object.fromEntries(pairs) }
}

function readRows(database: DatabaseSync): readonly NetscapeCookie[] {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  const unit = version >= MILLISECONDS_SINCE ? 1 : 1000
  const rows = database
    .prepare(
      `SELECT host, name, value, path, min(expiry, 8640000000000000 / ${unit}) AS expiry, isSecure, isHttpOnly
       FROM moz_cookies WHERE originAttributes = ''`,
    )
    .all()
  return rows.map((row) => {
    const host = String(row['host'])
    return {
      domain: host.replace(/^\./, '').toLowerCase(),
      subdomains: host.startsWith('.'),
      path: String(row['path']),
      secure: row['isSecure'] === 1,
      httpOnly: row['isHttpOnly'] === 1,
      expires: Number(row['expiry']) * unit,
      name: String(row['name']),
      value: String(row['value']),
    }
  })
}
