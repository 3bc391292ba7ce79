import { describe, expect, it } from 'vitest'
import { GROUPS } from './option.ts'
import { LASTING_NAMES, OPTION_NAMES, optionOf, optionsOf, variableOf } from './options.ts'
import { optionSchema } from './schema.ts'
import { fromText } from './values.ts'

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

describe.each(OPTION_NAMES)('the option %s', (name) => {
  const option = optionOf(name)

  it('has the flag of its name', () => {
    expect([`--${kebab(name)}`, `--no-${kebab(name)}`]).toContain(option.flag)
    expect(option.flag.startsWith('--no-')).toBe(option.default === true)
  })

  it('names its value unless it is a switch', () =>
    expect(option.argument === undefined).toBe(option.kind === 'switch'))

  it('is described as a part of a sentence', () => {
    for (const about of [option.about, option.keyAbout ?? option.about]) expect(about).toMatch(/^[a-z[A-Z].*[^.]$/)
    expect(Object.keys(GROUPS)).toContain(option.group)
  })

  it('has a default, says what holds without one, or may simply be absent', () => {
    expect(option.default === undefined || option.otherwise === undefined).toBe(true)
    if (option.kind === 'switch') expect(typeof option.default).toBe('boolean')
    expect(option.default ?? option.example ?? option.choices ?? option.callOnly).toBeDefined()
  })

  it('has a default and an example that its schema takes', () => {
    const values = [option.default, option.example === undefined ? undefined : fromText(option, option.example)]
    for (const value of values.filter((one) => one !== undefined))
      expect(optionSchema(name).safeParse(value).error).toBeUndefined()
  })
})

describe('the table', () => {
  it('gives no flag and no letter twice', () => {
    const flags = OPTION_NAMES.flatMap((name) => {
      const { flag, short, switches = [] } = optionOf(name)
      return [flag, short, ...switches.flatMap((one) => [one.flag, one.short])].filter((one) => one !== undefined)
    })
    expect(new Set(flags).size).toBe(flags.length)
  })

  it('sets an option by a switch to a value that it takes', () => {
    for (const name of OPTION_NAMES) {
      for (const { value } of optionOf(name).switches ?? [])
        expect(optionSchema(name).safeParse(value).success).toBe(true)
    }
  })

  it('knows the options of a command', () => {
    expect(optionsOf('get')).toContain('jobs')
    expect(optionsOf('show')).toEqual(['to', 'catalog', 'json', 'verbosity', 'config'])
    expect(optionsOf('sources')).toEqual(['json', 'verbosity', 'config'])
  })

  it('names a variable for each lasting option', () => {
    expect(variableOf('cookiesFromBrowser')).toBe('BOWERBIRD_COOKIES_FROM_BROWSER')
    expect(new Set(LASTING_NAMES.map(variableOf)).size).toBe(LASTING_NAMES.length)
  })

  it('refuses what is no value of its kind', () => {
    const wrong = { nothing: 'of this kind' }
    for (const name of OPTION_NAMES) expect(optionSchema(name).safeParse(wrong).success, name).toBe(false)
  })
})
