import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `…/node_modules/@scope/name` in front of a file of the package. */
const PACKAGE = /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/
const LICENCE_FILE = /^(?:licen[cs]e|copying)(?:[.-]|$)/i

/** Names, versions and licence texts of the packages that these files belong to, as Markdown. */
export async function licencesOf(files: readonly string[]): Promise<string> {
  const packages = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []))
  const entries = await Promise.all([...packages].toSorted().map(licenceOf))
  return `# Packages inside this build\n\n${entries.join('\n')}`
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly license?: string
  }
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  if (license === undefined && texts.length === 0) throw new Error(`${name} says nothing about its licence`)
  return [
    `## ${name} ${version}${license === undefined ? '' : ` (${license})`}`,
    '',
    ...texts.map((text) => `${text.trim()}\n`),
  ].join('\n')
}
