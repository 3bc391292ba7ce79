import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { environmentWithNode, ROOT, run, temporaryFolder } from './workshop.ts'

interface Entry {
  readonly dev?: boolean
}

/**
 * The lockfile of an application that has the tarball as its only dependency: our own versions, so that the test
 * installs what was tested, and from the cache where there is no network.
 */
async function lockfileFor(tarball: string): Promise<object> {
  const own = JSON.parse(await readFile(resolve(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Entry>>
  }
  const needed = Object.entries(own.packages).filter(([path, { dev }]) => path !== '' && !dev)
  const { name, version, dependencies, bin, engines } = packageJson
  return {
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { [name]: `file:${tarball}` } },
      [`node_modules/${name}`]: { version, resolved: `file:${tarball}`, dependencies, bin, engines },
      ...Object.fromEntries(needed),
    },
  }
}

describe('the packed package, installed without dev dependencies in an empty folder', () => {
  let app: string
  let contents: readonly string[]
  const bowerbird = (...args: readonly string[]): ReturnType<typeof run> =>
    run(['node_modules/.bin/bowerbird', ...args], app, environmentWithNode())

  beforeAll(async () => {
    const folder = await temporaryFolder()
    await run(['npm', 'pack', '--pack-destination', folder.path], ROOT, environmentWithNode())
    const tarball = (await readdir(folder.path)).find((name) => name.endsWith('.tgz')) ?? ''
    contents = (await run(['tar', '-tzf', tarball], folder.path)).stdout.trim().split('\n')
    app = join(folder.path, 'app')
    await mkdir(app)
    const manifest = { private: true, dependencies: { [packageJson.name]: `file:../${tarball}` } }
    await writeFile(join(app, 'package.json'), JSON.stringify(manifest))
    await writeFile(join(app, 'package-lock.json'), JSON.stringify(await lockfileFor(`../${tarball}`)))
    await run(['npm', 'ci', '--omit=dev', '--ignore-scripts'], app, environmentWithNode())
    return () => folder[Symbol.asyncDispose]()
  }, 240_000)

  it('holds what runs, and neither sources nor tests', () => {
    expect(contents).toEqual(expect.arrayContaining(['package/dist/program/main.js', 'package/dist/types/index.d.ts']))
    expect(contents.filter((path) => /(?<!\.d)\.ts$|\.test\.|^package\/(src|test|scripts)\//.test(path))).toEqual([])
  })

  it('starts by a line that no kernel cuts off', async () => {
    const [first = ''] = (await readFile(join(app, 'node_modules/.bin/bowerbird'), 'utf8')).split('\n')
    expect(first).toMatch(/^#!\/usr\/bin\/env -S (?:\w+=\w+ )+node --/)
    expect(first.length).toBeLessThanOrEqual(127)
  })

  it('brings no dev dependency', async () => {
    const installed = await readdir(join(app, 'node_modules'))
    expect(Object.keys(packageJson.devDependencies).filter((name) => installed.includes(name))).toEqual([])
  })

  it('answers --version', async () => {
    expect((await bowerbird('--version')).stdout.trim()).toBe(packageJson.version)
  })

  it('can be imported', async () => {
    const script = `import * as all from '${packageJson.name}'; console.log(Object.keys(all).length > 0)`
    const { stdout } = await run([process.execPath, '--input-type=module', '-e', script], app)
    expect(stdout.trim()).toBe('true')
  })

  it('runs the demo', async () => {
    const { stdout, stderr } = await bowerbird('demo')
    expect(`${stdout}${stderr}`).toMatch(/[1-9]\d* stored|stored:? +[1-9]/)
  }, 240_000)
})
