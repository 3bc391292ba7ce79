import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'

/*
 * Where no desktop keyring is at hand, Chromium on Linux hides values rather than guarding them: AES under a key that
 * everybody knows. What a keyring's key encrypted begins with `v11` instead.
 * Chromium's components/os_crypt/sync/os_crypt_linux.cc
 */
const PREFIX = 'v10'
const VECTOR = Buffer.alloc(16, ' ')
/** Some versions stored the empty password's values under the same prefix (https://crbug.com/40055416). */
const KEYS = ['peanuts', ''].map((password) => pbkdf2Sync(password, 'saltysalt', 1, 16, 'sha1'))

/**
 * The text of an encrypted value; `undefined` where the key is not the known one. `host`: newer databases have its
 * hash in front of the value.
 */
export function decryptValue(encrypted: Uint8Array, host: string | undefined): string | undefined {
  if (Buffer.from(encrypted.subarray(0, PREFIX.length)).toString('latin1') !== PREFIX) return undefined
  for (const key of KEYS) {
    const plain = decrypt(encrypted.subarray(PREFIX.length), key)
    const text = plain === undefined ? undefined : textOf(plain, host)
    if (text !== undefined) return text
  }
  return undefined
}

/** A wrong key shows in the padding, most of the time. */
function decrypt(bytes: Uint8Array, key: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-128-cbc', key, VECTOR)
  try {
    return Buffer.concat([decipher.update(bytes), decipher.final()])
  } catch {
    return undefined
  }
}

/** It shows in the hash or in the text, else. */
function textOf(plain: Buffer, host: string | undefined): string | undefined {
  const hash = host === undefined ? Buffer.alloc(0) : createHash('sha256').update(host).digest()
  if (!plain.subarray(0, hash.length).equals(hash)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain.subarray(hash.length))
  } catch {
    return undefined
  }
}
