import { describe, expect, it } from 'vitest'
import { Fault } from '../core/errors.ts'
import { parseTemplate } from './template.ts'
import type { Fields } from './fields.ts'

const fields: Fields = {
  key: 'imgur:abc/1',
  id: 'abc/1',
  source: 'imgur',
  author: 'A/B',
  title: 'Hello: World',
  date: '2024-03-05T10:20:30Z',
  index: 7,
  tags: ['x', 'y/z', ''],
  year: '1871',
  vague: 'c. 1850',
  family: '👩‍👩‍👧‍👦👩‍👩‍👧‍👦é',
  none: null,
  empty: '  ',
  list: [],
  meta: { artist: { name: 'Zed' } },
}

const name = (template: string, more: Fields = {}): string =>
  parseTemplate(template, { kind: 'name' }).render({ ...fields, ...more })
const folder = (template: string, more: Fields = {}): string =>
  parseTemplate(template, { kind: 'folder' }).render({ ...fields, ...more })

function faultOf(kind: 'name' | 'folder', template: string): Fault {
  try {
    parseTemplate(template, { kind, origin: `--${kind}` })
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  return expect.fail(`${template} was taken`)
}

describe('a name template', () => {
  it.each([
    ['{title}', 'Hello_ World'],
    ['{date:YYYY-MM-DD} {title|max:80}', '2024-03-05 Hello_ World'],
    ['{index:04}', '0007'],
    ['{title:04}', 'Hello_ World'],
    ['{meta.artist.name}', 'Zed'],
    ['{{{title}}}', '{Hello_ World}'],
    ['{date:YYYYMMDD-HHmmss}', '20240305-102030'],
    ['{date:YY}', '24'],
    ['{date:HH:mm}', '10_20'],
    ['{year:YYYY-MM-DD}', '1871'],
    ['{vague:YYYY}{title}', 'Hello_ World'],
    ['{title|upper}', 'HELLO_ WORLD'],
    ['{title|slug}', 'hello-world'],
    ['{title|lower|replace: :+}', 'hello_+world'],
    ['{title|replace:o}', 'Hell_ Wrld'],
    ['{title|replace:\\::-}', 'Hello- World'],
    ['{author|replace:/:+}', 'A+B'],
    ['{title|replace:World:$&}', 'Hello_ $&'],
    ['{none|default:untitled}', 'untitled'],
    ['{none|default:a\\}b\\|c}', 'a}b_c'],
    ['{none|or:title}', 'Hello_ World'],
    ['{none|or:meta.artist.name|upper}', 'ZED'],
    ['{tags}', 'x, y_z'],
    ['{tags|first}', 'x'],
    ['{tags|join:+}', 'x+y_z'],
    ['{title}{none|prefix: (|suffix:)}', 'Hello_ World'],
    ['{source}{index|prefix: (|suffix:)}', 'imgur (7)'],
    ['{title|max:6}', 'Hello_'],
    ['{family|max:1}', '👩👩👧👦'],
    ['{family|max:2}', '👩👩👧👦👩👩👧👦'],
    ['{title|first}', 'Hello_ World'],
  ])('%s gives %j', (template, rendered) => expect(name(template)).toBe(rendered))

  it.each([
    ['{none} - {title}', 'Hello_ World'],
    ['{source} - {none}', 'imgur'],
    ['{source} - {none} - {index}', 'imgur - 7'],
    ['{none}_{empty}_{index}', '7'],
    ['{none} - photo {index}', 'photo 7'],
    ['img_{none}', 'img'],
    ['_{index}_', '_7_'],
    ['{source} by {none}', 'imgur by'],
    ['{list}{index}', '7'],
  ])('tidies beside nothing: %s gives %j', (template, rendered) => expect(name(template)).toBe(rendered))

  it('falls back to the id, so that no file is nameless', () => {
    expect(name('{none}')).toBe('abc_1')
    expect(name('{none} - {nothing}')).toBe('abc_1')
  })

  it('reads own fields only', () => {
    expect(name('{constructor}{__proto__}{title.length}{toString}{meta.constructor.name}{index}')).toBe('7')
  })

  it('leaves room for a suffix and an extension', () => {
    expect(Buffer.byteLength(name('{title}', { title: '日'.repeat(500) }))).toBeLessThanOrEqual(220)
  })

  it('names its fields', () => {
    expect(parseTemplate('{date:YYYY} {title|or:meta.x} {date}', { kind: 'name' }).fields).toEqual([
      'date',
      'title',
      'meta.x',
    ])
  })

  it('renders in microseconds', () => {
    const template = parseTemplate('{filename}', { kind: 'name' })
    for (let warm = 0; warm < 20_000; warm += 1) template.render({ filename: `121146-${warm}` })
    const started = process.threadCpuUsage()
    for (let index = 0; index < 100_000; index += 1) template.render({ filename: `121146-${index}` })
    expect(process.threadCpuUsage(started).user).toBeLessThan(300_000)
  })
})

describe('a folder template', () => {
  it.each([
    ['{source}/{author}', 'imgur/A_B'],
    ['{source}/{none}/{index}', 'imgur/7'],
    ['{none}', ''],
    ['', ''],
    ['a/./b//c/', 'a/b/c'],
    ['{date:YYYY/MM}', '2024/03'],
    ['{year:YYYY/MM}/x', '1871/x'],
    ['{tags|join:/}', 'x/y_z'],
    ['{none|default:a/b}', 'a/b'],
    ['{source} - {none}/{none} - {index}', 'imgur/7'],
    ['.bowerbird', '_bowerbird'],
    ['{source|replace:imgur:..}/x', '_/x'],
  ])('%s gives %j', (template, rendered) => expect(folder(template)).toBe(rendered))

  it.each(['..', '../..', '/etc', 'a\0b', '.', '\\\\host', 'C:\\x'])('stays one level with %j as a value', (author) => {
    const rendered = folder('{source}/{author}', { author })
    expect(rendered.split('/').length).toBeLessThanOrEqual(2)
    expect(rendered).not.toContain('..' === author ? '..' : '\0')
  })
})

describe('a mistake in a template', () => {
  it.each([
    ['name', '{title|mx:80}', 'unknown filter "mx"', 8, 'did you mean "max"?'],
    ['name', '{title|constructor}', 'unknown filter "constructor"', 8, 'there are:'],
    ['name', '{title:max}', 'neither a date format', 8, '{field|max}'],
    ['name', '{date:YYYY-QQ}', '"QQ" means nothing', 7, 'YYYY YY MM'],
    ['name', '{title|max:x}', 'whole number', 8, 'max:N'],
    ['name', '{title|max:0}', 'whole number', 8, 'max:N'],
    ['name', '{title|max}', 'with 0 arguments', 8, 'max:N'],
    ['name', '{title|lower:x}', 'with 1 arguments', 8, 'lower'],
    ['name', '{title|or:a b}', '"or" without a field', 8, 'or:FIELD'],
    ['name', '{title|replace::x}', 'something to replace', 8, 'replace:A:B'],
    ['name', 'ab {title', 'never closed', 4, '{{'],
    ['name', '{title|default:\\', 'never closed', 1, '{{'],
    ['name', 'a}b', '"}" without its partner', 2, '}}'],
    ['name', '{a {b}}', '"{" inside a placeholder', 4, '\\{'],
    ['name', '{a b}', 'where a field should stand', 2, 'meta.artist'],
    ['name', 'x{}', 'without a field', 2, '{title}'],
    ['name', '', 'is empty', 1, '{title}'],
    ['name', 'a/b', 'no levels', 2, '--folder'],
    ['name', '{date:YYYY/MM}', 'no levels', 11, '--folder'],
    ['folder', '/srv/{source}', 'must be relative', 1, '--to'],
    ['folder', '~/x', 'must be relative', 1, '--to'],
    ['folder', 'C:/x', 'must be relative', 1, '--to'],
    ['folder', 'a/../../b', 'leads out of the library', 3, '--to'],
    ['folder', 'a\\b', 'holds a "\\"', 2, '"/" between levels'],
  ] as const)('%s %j: %s', (kind, template, what, column, advice) => {
    const fault = faultOf(kind, template)
    expect(fault.code).toBe('Usage')
    expect(fault.message).toContain(what)
    expect(fault.message).toContain(`--${kind}`)
    expect(fault.evidence.where).toBe(`column ${column}`)
    expect(fault.evidence.advice).toContain(advice)
    const [, line = '', pointer = ''] = fault.message.split('\n')
    expect(line).toBe(`  ${template}`)
    expect(pointer.indexOf('^')).toBe(column + 1)
  })
})
