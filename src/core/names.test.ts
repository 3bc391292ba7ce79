import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collisionStem, foldName, NAME_BYTES, safeSegment, STEM_BYTES } from './names.ts'

const shared = process.env['BOWERBIRD_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')
const namesFile = resolve(shared, 'suites/names/names.json')
const casesFile = resolve(shared, 'suites/sanitize-filename/cases.json')

interface NamesSuite {
  readonly single: readonly { readonly name: string; readonly why: string }[]
  readonly collision_groups: readonly { readonly names: readonly string[]; readonly why: string }[]
}

interface SanitizeCase {
  readonly test: string
  readonly args: readonly [string, { readonly replacement?: string }?]
  readonly expected: string
}

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\s*(?:\.|$)/i

/** What every result must be, said without the code under test. */
function expectSafe(result: string, limit = NAME_BYTES): void {
  expect(result).not.toBe('')
  expect(result).not.toMatch(/[/\\:*?"<>|]/)
  expect(resolve('/library/folder', result)).toBe(`/library/folder/${result}`)
  expect(bytes(result)).toBeLessThanOrEqual(limit)
  expect(result).not.toMatch(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/u)
  expect(result).not.toMatch(DEVICE)
  expect(result).not.toMatch(/[. ]$/)
  expect(result).not.toMatch(/^[.\s-]/)
  expect(result.isWellFormed()).toBe(true)
  expect(result).toBe(result.normalize('NFC'))
  expect(safeSegment(result, limit)).toBe(result)
}

function looksSafe(result: string): boolean {
  return (
    result !== '' && !/[. ]$|^[. -]|[/\\:*?"<>|]/.test(result) && !DEVICE.test(result) && safeSegment(result) === result
  )
}

describe('safeSegment', () => {
  it.each([
    ['the quick brown fox', 'the quick brown fox'],
    ['résumé', 'résumé'],
    ['cafe\u0301', 'café'],
    ['日本語 (1)', '日本語 (1)'],
    ['a/b\\c:d', 'a_b_c_d'],
    ['AC/DC: "Live"', 'AC_DC_ _Live_'],
    ['a\r\nb\tc', 'a b c'],
    ['a   b', 'a b'],
    ['\u3000a\u00a0', 'a'],
    ['invoice\u202egpj', 'invoicegpj'],
    ['.htaccess', '_htaccess'],
    ['..', '_'],
    ['', '_'],
    ['. . .', '_'],
    ['--help', '_-help'],
    ['CON', '_CON'],
    ['nul.tar', '_nul.tar'],
    ['aux .x', '_aux .x'],
    ['COM\u00b9', '_COM\u00b9'],
    ['console', 'console'],
    ['LPT10', 'LPT10'],
    ['mr. ..', 'mr'],
    ['\ud83d', '_'],
    ['50% {of} [it] ~ $1 & so', '50% {of} [it] ~ $1 & so'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeSegment(name)).toBe(safe)
    expectSafe(safe)
  })

  it('cuts to the limit between graphemes', () => {
    const flags = '🇯🇵'.repeat(60)
    const result = safeSegment(flags)
    expect(bytes(result)).toBe(248)
    expect(result).toBe('🇯🇵'.repeat(31))
    expect(safeSegment('e\u0323\u0302'.repeat(200), 100)).toMatch(/^(?:\u1ec7)+$/)
  })

  it('cuts a single endless grapheme between code points', () => {
    const result = safeSegment(`a${'\u0351'.repeat(500)}`)
    expectSafe(result)
    expect(bytes(result)).toBe(255)
  })

  it('leaves no device name where the cut falls right behind one', () => {
    expectSafe(safeSegment(`con x${'\u0351'.repeat(200)}`))
    expect(safeSegment(`con x${'\u0351'.repeat(200)}`)).toBe('_con')
  })

  it('leaves no dot or space at the cut', () => expect(safeSegment(`${'a'.repeat(98)} .b`, 100)).toBe('a'.repeat(98)))

  it('obeys a smaller limit', () => expect(safeSegment('日'.repeat(400), STEM_BYTES)).toBe('日'.repeat(73)))

  it.each(['.', ' ', '. ', '\u200b', '/', '\ud83d', 'e\u0301', '\u3000.'])(
    'takes a megabyte of %j in no time',
    (piece) => {
      const started = process.threadCpuUsage()
      expectSafe(safeSegment(piece.repeat(1_000_000)))
      expect(process.threadCpuUsage(started).user).toBeLessThan(500_000)
    },
  )

  it('is safe for every code point, alone and between others', () => {
    const unsafe: string[] = []
    for (let code = 0; code <= 0x10ffff; code += code > 0x3000 ? 37 : 1) {
      const point = String.fromCodePoint(code)
      const names = [point, `a${point}`, `${point}a`, `.${point}.`, `con${point}`]
      unsafe.push(...names.filter((name) => !looksSafe(safeSegment(name))))
    }
    expect(unsafe).toEqual([])
  })
})

describe('foldName', () => {
  it.each([
    ['Photo', 'PHOTO'],
    ['caf\u00e9', 'cafe\u0301'],
    ['stra\u00dfe', 'STRASSE'],
    ['stra\u1e9ee', 'strasse'],
    ['\u212aelvin', 'kelvin'],
    ['\u0130', 'i\u0307'],
    ['ΟΔΟΣ', 'οδος'],
    ['\ufb01le', 'FILE'],
  ])('takes %j and %j for one', (one, other) => expect(foldName(one)).toBe(foldName(other)))

  it('keeps different names apart', () => expect(foldName('a')).not.toBe(foldName('á')))
})

describe('collisionStem', () => {
  it('appends the hash', () => expect(collisionStem('title', '0123abcd')).toBe('title~0123abcd'))
  it('cuts the stem, never the hash', () => {
    const stem = collisionStem('日'.repeat(85), '0123abcd')
    expect(stem).toMatch(/^日+~0123abcd$/)
    expect(bytes(stem)).toBeLessThanOrEqual(STEM_BYTES + 9)
  })
})

describe.skipIf(!existsSync(namesFile))(
  `hostile names${existsSync(namesFile) ? '' : ' (skipped: no ../shared/suites/names)'}`,
  () => {
    const suite: NamesSuite = existsSync(namesFile)
      ? JSON.parse(readFileSync(namesFile, 'utf8'))
      : { single: [], collision_groups: [] }

    it('all become safe, as a folder, and as a stem with any extension', () => {
      expect(suite.single.length).toBeGreaterThan(100)
      for (const { name } of suite.single) {
        expectSafe(safeSegment(name))
        const file = `${safeSegment(name.replace(/\.\w+$/, ''), STEM_BYTES)}.jpg`
        expectSafe(file)
        expect(file).toMatch(/\.jpg$/)
      }
    })

    it.each(suite.collision_groups)('$why: kept apart', ({ names }) => {
      const taken = new Set<string>()
      const stems = names.map((name, position) => {
        const stem = safeSegment(name.replace(/\.\w+$/, ''), STEM_BYTES)
        const settled = taken.has(foldName(stem)) ? collisionStem(stem, String(position).padStart(8, '0')) : stem
        taken.add(foldName(settled))
        return settled
      })
      expect(taken.size).toBe(names.length)
      for (const stem of stems) expectSafe(`${stem}.jpg`)
    })
  },
)

describe.skipIf(!existsSync(casesFile))(
  `sanitize-filename's cases${existsSync(casesFile) ? '' : ' (skipped: no ../shared/suites)'}`,
  () => {
    const all: readonly SanitizeCase[] = existsSync(casesFile) ? JSON.parse(readFileSync(casesFile, 'utf8')).cases : []
    // Ours has no choice of replacement: only cases with `_` can agree.
    const cases = all.filter(({ args }) => args[1]?.replacement === '_' || args[1] === undefined)

    const RELATIVE: Readonly<Record<string, string>> = {
      '.': '_',
      '..': '_',
      './': '__',
      '../': '__',
      '/..': '_',
      '/../': '_.._',
      '*.|.': '_._',
    }

    /** Where the rules differ on purpose: nothing is dropped that can be replaced, and no name becomes empty. */
    const DIFFERENT: Readonly<Record<string, (name: string) => string>> = {
      'null character': (name) => name.replace('\0', ''),
      'control characters': (name) => name.replace('\n', ' '),
      'restricted codes': (name) => name.replace(/[?/*]/, '_'),
      'relative paths': (name) => RELATIVE[name] ?? name,
      'reserved filename in Windows': (name) => `_${name.replace(/\.$/, '')}`,
      'reserved filename in Windows with replacement': (name) => `_${name.replace(/\.$/, '')}`,
    }

    it('are all there', () => expect(all.length).toBeGreaterThan(40))

    it.each(cases)('$test: $args', ({ test, args: [name], expected }) => {
      const ours = safeSegment(name)
      expectSafe(ours)
      if (ours === expected) return
      expect(ours).toBe(DIFFERENT[test]?.(name))
    })
  },
)
