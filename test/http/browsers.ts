import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A database of a browser that is running: it stays open until its test ends. */
export interface Running extends Disposable {
  readonly database: DatabaseSync
}

export interface MozCookie {
  readonly host: string
  readonly name: string
  readonly value: string
  readonly path?: string
  /** In the unit of the database. */
  readonly expiry?: number
  readonly isSecure?: 0 | 1
  readonly isHttpOnly?: 0 | 1
  readonly originAttributes?: string
}

/** Cookies as Firefox keeps them; they all stand in the write-ahead log while the database is open. */
export async function firefoxDatabase(file: string, version: number, cookies: readonly MozCookie[]): Promise<Running> {
  await mkdir(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = ${version};
    CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, value TEXT,
      host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER, isSecure INTEGER,
      isHttpOnly INTEGER, inBrowserElement INTEGER DEFAULT 0, sameSite INTEGER DEFAULT 0, schemeMap INTEGER DEFAULT 0,
      CONSTRAINT moz_uniqueid UNIQUE (name, host, path, originAttributes))`)
  const insert = database.prepare(
    `INSERT INTO moz_cookies (originAttributes, name, value, host, path, expiry, isSecure, isHttpOnly)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const one of cookies) {
    const { originAttributes = '', path = '/', expiry = 4e9, isSecure = 0, isHttpOnly = 0 } = one
    insert.run(originAttributes, one.name, one.value, one.host, path, expiry, isSecure, isHttpOnly)
  }
  return running(database)
}

export async function profilesIni(root: string, text: string): Promise<void> {
  await mkdir(root, { recursive: true })
  await writeFile(join(root, 'profiles.ini'), text)
}

export interface ChromiumCookie {
  readonly host: string
  readonly name: string
  readonly value?: string
  readonly encrypted?: Uint8Array
  readonly path?: string
  /** Unix seconds; a session cookie has none. */
  readonly expires?: number
  readonly secure?: 0 | 1
  readonly httpOnly?: 0 | 1
  readonly partition?: string
}

/** Cookies as Chromium keeps them. */
export async function chromiumDatabase(
  file: string,
  version: number,
  cookies: readonly ChromiumCookie[],
): Promise<Running> {
  await mkdir(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec(`
    CREATE TABLE meta (key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
    INSERT INTO meta VALUES ('version', '${version}');
    CREATE TABLE cookies (creation_utc INTEGER NOT NULL, host_key TEXT NOT NULL, top_frame_site_key TEXT NOT NULL,
      name TEXT NOT NULL, value TEXT NOT NULL, encrypted_value BLOB NOT NULL, path TEXT NOT NULL,
      expires_utc INTEGER NOT NULL, is_secure INTEGER NOT NULL, is_httponly INTEGER NOT NULL,
      has_expires INTEGER NOT NULL, is_persistent INTEGER NOT NULL)`)
  const insert = database.prepare('INSERT INTO cookies VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (const one of cookies) {
    const { value = '', encrypted = new Uint8Array(), path = '/', secure = 0, httpOnly = 0, partition = '' } = one
    const expires = one.expires === undefined ? 0n : BigInt(one.expires + 11_644_473_600) * 1_000_000n
    const lasts = one.expires === undefined ? 0 : 1
    insert.run(one.host, partition, one.name, value, encrypted, path, expires, secure, httpOnly, lasts, lasts)
  }
  return running(database)
}

/** A value as Chromium on Linux encrypts it without a keyring; `host` for databases that hash it. */
export function encrypt(value: string, host?: string, password = 'peanuts'): Buffer {
  const cipher = createCipheriv('aes-128-cbc', pbkdf2Sync(password, 'saltysalt', 1, 16, 'sha1'), ' '.repeat(16))
  const hash = host === undefined ? Buffer.alloc(0) : createHash('sha256').update(host).digest()
  return Buffer.concat([Buffer.from('v10'), cipher.update(Buffer.concat([hash, Buffer.from(value)])), cipher.final()])
}

function running(database: DatabaseSync): Running {
  return { database, [Symbol.dispose]: () => database.close() }
}
