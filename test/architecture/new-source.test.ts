import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const COPIED = [
  'src',
  'replicas',
  'scripts',
  'test/sources/crawl.ts',
  'package.json',
  '.oxlintrc.json',
  '.oxfmtrc.json',
]
const WRITTEN = ['src/sources/new-site.ts', 'replicas/new-site.ts']

/** The new source against the new replica, with the real client over TLS. */
const PROOF = `
  import { deepStrictEqual } from 'node:assert/strict'
  import { crawl, expectedOutcomes, openHttp, outcomesOf } from './test/sources/crawl.ts'
  import { startReplicas } from './replicas/harness/start.ts'
  import { replica } from './replicas/new-site.ts'
  import { sources } from './src/sources/registry.gen.ts'
  const source = sources.find(({ name }) => name === 'new-site')
  const running = await startReplicas(['new-site'])
  const http = openHttp(running, [source])
  const [{ target, expected }] = replica.targets
  const outcomes = await outcomesOf(await crawl(source, target, http), http)
  deepStrictEqual(outcomes, await expectedOutcomes(expected))
  console.log(Object.keys(outcomes).join(' '))
  await http.close()
  await running.close()
`

describe('npm run new-source', () => {
  let copy: string
  const node = (...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> =>
    promisify(execFile)(process.execPath, args, { cwd: copy })
  const newSource = (...args: readonly string[]): ReturnType<typeof node> => node('scripts/new-source.ts', ...args)

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'bowerbird-new-source-'))
    for (const name of COPIED) await cp(resolve(ROOT, name), join(copy, name), { recursive: true })
    await symlink(resolve(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction')
    const config = { extends: resolve(ROOT, 'tsconfig.json'), include: [], files: WRITTEN }
    await writeFile(join(copy, 'tsconfig.json'), JSON.stringify(config))
    await newSource('new-site', 'https://www.new-site.example/users/ann/sets/12-a')
    return () => rm(copy, { recursive: true, force: true })
  })

  it('writes a source and a replica that compile and satisfy lint and format', async () => {
    await node('node_modules/typescript/bin/tsc', '-p', '.')
    await node('node_modules/oxlint/bin/oxlint', ...WRITTEN)
    await node('node_modules/oxfmt/bin/oxfmt', '--check', ...WRITTEN)
    expect(await readFile(join(copy, 'src/sources/registry.gen.ts'), 'utf8')).toContain("from './new-site.ts'")
  })

  it('writes a source that collects from its replica', async () => {
    const { stdout } = await node('--input-type=module-typescript', '-e', PROOF)
    expect(stdout.trim()).toBe('new-site:first new-site:second')
  })

  it.each([
    ['what is there already', ['new-site', 'https://other.example/a/1'], 'is there already'],
    ['a name that is no file name', ['../evil', 'https://other.example/a/1'], 'is no name'],
    ['a URL without a gallery', ['other', 'https://other.example/'], 'not the page of a gallery'],
    ['nothing', [], 'Usage'],
  ])('refuses %s', async (_, args, message) => {
    await expect(newSource(...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as string,
    })
  })
})
