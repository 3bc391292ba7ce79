/** Secrets that are planted wherever a user or a site may put some, and the search for them in whatever comes out. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is searched for: the part of each that no form of writing URLs changes. */
export const PLANTED = {
  header: 'Pl4nted0header',
  cookie: 'Pl4nted0cookie',
  user: 'Pl4nted0userinfo',
  token: 'Pl4nted0token',
  signature: 'Pl4nted0signature',
  fragment: 'Pl4nted0fragment',
  proxy: 'Pl4nted0proxy',
  client: 'Pl4nted0client',
  environment: 'Pl4nted0environment',
  bystander: 'Pl4nted0bystander',
  setCookie: 'Pl4nted0setcookie',
  redirect: 'Pl4nted0redirect',
  echo: 'Pl4nted0echo',
} as const

/** A secret as it may stand in text: plain, in base64 wherever it begins, and in hex. */
function formsOf(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.from('x'.repeat(offset) + secret).toString('base64')
    // The signs at both ends depend on the neighbours.
    return whole.slice(offset === 0 ? 0 : 4, -4)
  })
  return [secret, secret.toLowerCase(), secret.toUpperCase(), ...base64, Buffer.from(secret).toString('hex')]
}

const FORMS = Object.entries(PLANTED).flatMap(([name, secret]) => formsOf(secret).map((form) => [name, form] as const))

/** Names of the planted secrets that a text holds in any form. */
export function secretsIn(text: string | Uint8Array): readonly string[] {
  const bytes = Buffer.from(text)
  return [...new Set(FORMS.filter(([, form]) => bytes.includes(form)).map(([name]) => name))]
}

/** The same of a folder: `path: names` for each file, or name of a file, that holds some. */
export function secretsBelow(root: string, except: (path: string) => boolean = () => false): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !except(path) && lstatSync(join(root, path)).isFile())
    .map((path) => ({ path, names: [...secretsIn(path), ...secretsIn(readFileSync(join(root, path)))] }))
    .filter(({ names }) => names.length > 0)
    .map(({ path, names }) => `${path}: ${names.join(', ')}`)
}
