import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readdir } from 'node:fs/promises'
import { generate as generatePages } from '../../scripts/generate-source-pages.ts'
import { generate } from '../../scripts/generate-registry.ts'
import { staleFiles } from '../../scripts/generated-files.ts'
import { explainTarget } from '../../src/app/explain.ts'
import { fieldOfPath, FIELDS } from '../../src/expr/fields.ts'
import { parseTemplate } from '../../src/expr/template.ts'
import { readTarget } from '../../src/core/target.ts'
import { resolve as resolveTarget } from '../../src/engine/resolve.ts'
import { sources } from '../../src/sources/registry.gen.ts'

const ROOT = resolve(import.meta.dirname, '../..')

describe('the registry of sources', () => {
  it('is what the folder says (if not: npm run generate)', async () => {
    expect(await staleFiles(await generate())).toEqual([])
  })

  it('has a page of documentation for each source, and none for others', async () => {
    const pages = await generatePages()
    const names = Object.keys(pages).map((path) => path.replace('docs/sources/', ''))
    expect(await readdir(resolve(ROOT, 'docs/sources'))).toEqual(names.toSorted())
  })

  it('asks sources that take any host last', () => {
    const generic = sources.map((source) => source.generic === true)
    expect(generic).toEqual(generic.toSorted((one, other) => Number(one) - Number(other)))
  })
})

describe.each(sources.map((source) => [source.name, source] as const))('source %s', (name, source) => {
  it('stands in a file of its name, and so does the replica of its site', () => {
    const places = [`src/sources/${name}.ts`, `src/sources/${name}/${name}.ts`]
    expect(places.some((place) => existsSync(resolve(ROOT, place)))).toBe(true)
    expect(source.generic === true || existsSync(resolve(ROOT, `replicas/${name}.ts`))).toBe(true)
  })

  it('has a sentence, an example and a strategy for every route', () => {
    expect(source.routes).not.toEqual([])
    expect(source.routes.filter(({ about, example, strategies }) => !about || !example || !strategies.length)).toEqual(
      [],
    )
  })

  it('explains every form of a target that it documents', () => {
    const forms = source.routes.flatMap(({ name: route, example, also = [] }) =>
      [example, ...also].map((form) => [form, name, route]),
    )
    expect(
      forms.map(([form = '']) => {
        const explained = explainTarget(form, false)
        return [form, explained.source, explained.route]
      }),
    ).toEqual(forms)
  })

  it('tells keys of its own for every form of a target that names one asset', () => {
    const ofOne = source.routes.filter((route) => route.key !== undefined)
    const forms = ofOne.flatMap(({ example, also = [] }) => [example, ...also])
    for (const form of forms) {
      const { route, spec } = resolveTarget(readTarget(form), [source])
      expect(route.key?.(spec.params)).toMatch(new RegExp(`^${name}:[^/]`))
    }
  })

  it('says of its site what is recorded and what is not', () => {
    const { recorded = [], unverified = [] } = source.evidence ?? {}
    expect(source.generic === true || recorded.length + unverified.length > 0).toBe(true)
  })

  it('has names for its routes that differ', () => {
    const names = source.routes.map((route) => route.name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('names files by fields that its items have', () => {
    const { folder, filename, fields = {} } = source
    const used = [parseTemplate(folder, { kind: 'folder' }), parseTemplate(filename, { kind: 'name' })]
    const known = [...Object.keys(FIELDS), ...Object.keys(fields)]
    expect(used.flatMap((template) => template.fields).filter((field) => !known.includes(fieldOfPath(field)))).toEqual(
      [],
    )
  })

  it('describes every option and gives it a default', () => {
    const { shape } = source.options
    expect(Object.keys(shape).filter((option) => !shape[option]?.description)).toEqual([])
    expect(source.options.safeParse({}).success).toBe(true)
  })
})
