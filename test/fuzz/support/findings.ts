/** What holds for everything that a source makes of answers, however hostile they are. */
import { expect } from 'vitest'
import type { Asset, Finding, RefSpec, Source } from '../../../src/core/source.ts'
import { assetFields } from '../../../src/expr/fields.ts'
import { parseTemplate } from '../../../src/expr/template.ts'
import { redactUrl } from '../../../src/core/redact.ts'

/** Findings of one ref: 1,000 and the one that says where it goes on, with some room, as the engine has it. */
const MOST_FINDINGS = 2000
/** Characters; what sites send as an id is far shorter. */
const MOST_KEY = 1000

/** Takes one finding at a time; throws at the first that breaks a rule. */
export class Findings {
  readonly #source: Source
  readonly #folder
  readonly #filename
  #count = 0

  constructor(source: Source) {
    this.#source = source
    this.#folder = parseTemplate(source.folder, { kind: 'folder' })
    this.#filename = parseTemplate(source.filename, { kind: 'name' })
  }

  take(finding: Finding): void {
    this.#count += 1
    expect(this.#count).toBeLessThanOrEqual(MOST_FINDINGS)
    // It waits in a database as JSON.
    expect(JSON.parse(JSON.stringify(finding))).toBeTypeOf('object')
    switch (finding.kind) {
      case 'asset':
        this.#asset(finding.asset)
        break
      case 'ref':
        this.#ref(finding.ref)
        for (const key of finding.yields ?? []) wellFormedKey(key)
        break
      case 'url':
        webUrl(finding.url)
        break
      case 'missing':
        wellFormedKey(finding.key)
        webUrl(finding.url)
        break
      case 'unavailable':
      case 'note':
        break
    }
  }

  #asset(asset: Asset): void {
    wellFormedKey(asset.key)
    expect(asset.candidates.length).toBeGreaterThan(0)
    for (const { url, headers = {}, expires } of asset.candidates) {
      if (!url.startsWith('data:')) webUrl(url)
      for (const value of Object.values(headers)) expect(value).toMatch(/^\P{Cc}*$/u)
      expect(expires === undefined || Number.isFinite(expires)).toBe(true)
    }
    if (asset.refresh !== undefined) this.#ref(asset.refresh)
    const { date, width, height, bytes } = asset.meta
    if (date !== undefined) expect(date).toMatch(/^\d{4}(?:-\d\d){0,2}(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?$/)
    for (const size of [width, height, bytes]) expect(size === undefined || Number.isFinite(size)).toBe(true)
    const url = redactUrl(asset.candidates[0]?.url ?? '')
    const fields = assetFields(asset, { source: this.#source.name, route: 'any', url, position: 1 })
    for (const level of this.#folder.render(fields).split('/')) safeLevel(level, true)
    safeLevel(this.#filename.render(fields), false)
  }

  #ref(ref: RefSpec): void {
    expect(JSON.parse(JSON.stringify(ref))).toEqual(ref)
    expect(ref.params).toBeTypeOf('object')
    if (ref.source === this.#source.name) expect(this.#source.routes.map(({ name }) => name)).toContain(ref.route)
  }
}

function wellFormedKey(key: string): void {
  expect(key).toMatch(/^[a-z][a-z0-9-]*:\P{Cc}+$/u)
  expect(key.length).toBeLessThanOrEqual(MOST_KEY)
  expect(key.isWellFormed()).toBe(true)
}

function webUrl(url: string): void {
  expect(URL.parse(url)?.protocol, url.slice(0, 200)).toMatch(/^https?:$/)
}

function safeLevel(level: string, mayBeEmpty: boolean): void {
  expect(level).toMatch(mayBeEmpty ? /^[^/\\\p{Cc}]*$/u : /^[^/\\\p{Cc}]+$/u)
  expect(level).not.toMatch(/^\.|[. ]$/)
  expect(Buffer.byteLength(level)).toBeLessThanOrEqual(255)
}
