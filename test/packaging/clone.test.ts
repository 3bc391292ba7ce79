import { existsSync } from 'node:fs'
import { cp, mkdir, utimes } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { ROOT, run, temporaryFolder } from './workshop.ts'

const LEFT_OUT = /^(node_modules|dist|\.git|\.bench|\.bootstrap\.lock.*|bowerbird.*)($|\/)/

/** What somebody else gets: the last commit. Without a repository (a downloaded archive) the files as they are. */
async function clone(target: string): Promise<void> {
  if (existsSync(join(ROOT, '.git'))) await run(['git', 'clone', '--quiet', ROOT, target], ROOT)
  else await cp(ROOT, target, { recursive: true, filter: (path) => !LEFT_OUT.test(relative(ROOT, path)) })
}

describe('a fresh clone', () => {
  let folder: string

  beforeAll(async () => {
    const temporary = await temporaryFolder()
    folder = join(temporary.path, 'clone')
    await clone(folder)
    return () => temporary[Symbol.asyncDispose]()
  })

  it('installs what it needs at the first npm start, even where an earlier one was killed', async () => {
    const lock = join(folder, '.bootstrap.lock')
    await mkdir(lock)
    await utimes(lock, new Date(0), new Date(0))
    const { stdout, stderr } = await run(['npm', '--silent', 'start', '--', '--version'], folder)
    expect(stdout.trim()).toBe(packageJson.version)
    expect(stderr).toMatch(/interrupted[^]*installing packages/)
    expect(existsSync(lock)).toBe(false)
  }, 240_000)

  it('runs with Node 24 then, whatever the system has', async () => {
    const { stdout } = await run(['npm', '--silent', 'exec', '--', 'node', '--version'], folder)
    expect(stdout).toMatch(/^v24\./)
  })

  it('leaves no trace in the repository', async () => {
    if (!existsSync(join(folder, '.git'))) return
    const { stdout } = await run(['git', 'status', '--porcelain'], folder)
    expect(stdout).toBe('')
  })

  it('is silent and installs nothing at the second start', async () => {
    const { stdout, stderr } = await run(['npm', '--silent', 'start', '--', '--version'], folder)
    expect(stdout.trim()).toBe(packageJson.version)
    expect(stderr).toBe('')
  })

  it('mends a Node whose install script did not run', async () => {
    await run(['rm', '-r', 'node_modules/node', 'node_modules/.bin/node', 'node_modules/.bowerbird.json'], folder)
    await run(['npm', 'install', '--no-save', '--ignore-scripts', '--include=dev'], folder)
    const { stdout } = await run(['npm', '--silent', 'start', '--', '--version'], folder)
    expect(stdout.trim()).toBe(packageJson.version)
  }, 240_000)

  it('says what to do when there is no network', async () => {
    await run(['rm', '-r', 'node_modules'], folder)
    const failed = run(['node', 'scripts/bootstrap.mjs'], folder, {
      ...process.env,
      npm_config_cache: join(folder, 'empty-cache'),
      npm_config_offline: 'true',
    })
    await expect(failed).rejects.toThrow('Connect to the network')
  })
})
