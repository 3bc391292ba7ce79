import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspectLayers } from '../../scripts/check-layers.ts'

const ROOT = resolve(import.meta.dirname, '../..')

describe('who may import whom', () => {
  it('holds in this repository, and the imports were really read', async () => {
    const report = await inspectLayers(ROOT, ['src', 'replicas'])
    expect(report.violations).toEqual([])
    expect(report.modules).toBeGreaterThan(100)
    expect(report.imports).toBeGreaterThan(report.modules)
  })

  describe('in a project with one planted fault', () => {
    let root: string

    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'bowerbird-layers-'))
    })

    afterEach(() => rm(root, { recursive: true, force: true }))

    async function violationsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
      const dependencies = { undici: '*', zod: '*' }
      const packages = Object.keys(dependencies).flatMap((name) => [
        [`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' })],
        [`node_modules/${name}/index.js`, ''],
      ])
      const manifest = JSON.stringify({ type: 'module', dependencies, devDependencies: { vitest: '*' } })
      for (const [path, text] of [['package.json', manifest], ...packages, ...Object.entries(files)] as const) {
        await mkdir(dirname(join(root, path ?? '')), { recursive: true })
        await writeFile(join(root, path ?? ''), text ?? '')
      }
      return (
        await inspectLayers(
          root,
          ['src', 'web', 'replicas'].filter((name) => hasFiles(files, name)),
        )
      ).violations
    }

    function hasFiles(files: Readonly<Record<string, string>>, folder: string): boolean {
      return Object.keys(files).some((path) => path.startsWith(`${folder}/`))
    }

    const CORE = { 'src/core/word.ts': 'export type Word = string\nexport const word = 1\n' }

    it('finds nothing where nothing is wrong', async () => {
      const files = {
        ...CORE,
        'src/kit/a.ts': "import { word } from '../core/word.ts'\nimport { z } from 'zod'\nexport const a = [word, z]\n",
        'src/sources/b.ts': "import { a } from '../kit/a.ts'\nimport { z } from 'zod'\nexport const b = [a, z]\n",
        'replicas/b.ts': "import { b } from '../src/sources/b.ts'\nexport const c = b\n",
      }
      expect(await violationsOf(files)).toEqual([])
    })

    it.each([
      ['core', 'kit'],
      ['kit', 'sources'],
      ['expr', 'config'],
      ['sources', 'http'],
      ['sources', 'engine'],
      ['ports', 'adapters'],
      ['http', 'engine'],
      ['engine', 'sources'],
      ['engine', 'adapters'],
      ['engine', 'http'],
      ['screens', 'engine'],
      ['pixels', 'screens'],
      ['adapters', 'engine'],
      ['config', 'app'],
      ['app', 'cli'],
      ['cli', 'engine'],
      ['server', 'cli'],
    ])('finds an import of a value: %s → %s', async (from, to) => {
      const files = {
        [`src/${to}/one.ts`]: 'export const one = 1\n',
        [`src/${from}/two.ts`]: `import { one } from '../${to}/one.ts'\nexport const two = one\n`,
      }
      expect(await violationsOf(files)).toEqual([expect.stringContaining(`layer-${from}`)])
    })

    it.each([
      ['a type', "import type { Word } from '../engine/one.ts'\nexport type Two = Word\n"],
      ['a type among values', "import { type Word } from '../engine/one.ts'\nexport type Two = Word\n"],
      ['a late import', "export const two = () => import('../engine/one.ts')\n"],
      ['an export', "export { one } from '../engine/one.ts'\n"],
      ['a replica', "import { three } from '../../replicas/three.ts'\nexport const two = three\n"],
    ])('finds %s', async (_, text) => {
      const files = {
        'src/engine/one.ts': 'export type Word = string\nexport const one = 1\n',
        'replicas/three.ts': 'export const three = 3\n',
        'src/sources/two.ts': text,
      }
      expect(await violationsOf(files)).toEqual([expect.stringContaining('layer-sources: src/sources/two.ts')])
    })

    it('finds a vendor package in two folders', async () => {
      const files = {
        'src/http/a.ts': "import { request } from 'undici'\nexport const a = request\n",
        'src/kit/b.ts': "import type { Agent } from 'undici'\nexport type B = Agent\n",
      }
      expect(await violationsOf(files)).toContainEqual(expect.stringMatching(/one-owner: undici.*http.*kit/))
    })

    it('finds a cycle', async () => {
      const files = {
        'src/core/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
        'src/core/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
      }
      expect(await violationsOf(files)).toContainEqual(expect.stringContaining('no-cycle'))
    })

    it('finds a barrel, a folder without rules, an import that leads nowhere, and an undeclared package', async () => {
      const files = {
        ...CORE,
        'src/kit/index.ts': "export { word } from '../core/word.ts'\n",
        'src/kit/a.ts': "import { word } from './index.ts'\nexport const a = word\n",
        'src/extras/b.ts': 'export const b = 1\n',
        'src/app/c.ts': "import { b } from '../extras/b.ts'\nexport const c = b\n",
        'src/app/d.ts': "import { x } from './nowhere.ts'\nexport const d = x\n",
        'src/app/e.ts': "import { f } from 'leftpad'\nexport const e = f\n",
        'node_modules/leftpad/package.json': '{"name":"leftpad","main":"index.js"}',
        'node_modules/leftpad/index.js': '',
      }
      const names = (await violationsOf(files)).map((line) => line.split(':', 1)[0])
      expect(names).toEqual(expect.arrayContaining(['no-barrel', 'known-folder', 'resolvable', 'declared']))
    })

    it('lets web import types of the server, and nothing else', async () => {
      const web = (text: string): Promise<readonly string[]> =>
        violationsOf({ ...CORE, 'src/server/api.ts': 'export type Api = 1\nexport const api = 1\n', 'web/a.ts': text })
      expect(await web("import type { Api } from '../src/server/api.ts'\nexport type A = Api\n")).toEqual([])
      expect(await web("import { api } from '../src/server/api.ts'\nexport const a = api\n")).toHaveLength(1)
      expect(await web("import type { Word } from '../src/core/word.ts'\nexport type A = Word\n")).toHaveLength(1)
    })
  })

  it('sees an empty graph for what it is', async () => {
    const report = await inspectLayers(ROOT, ['docs'])
    expect(report.modules).toBe(0)
  })
})
