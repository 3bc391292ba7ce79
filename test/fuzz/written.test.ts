/** What users hand in, often made by other programs: tables, indexes, cookies, settings, conditions, templates of names. */
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { readIndex } from '../../src/app/keywords/index-file.ts'
import { isKeyword } from '../../src/app/keywords/keyword.ts'
import { parsePythonLiteral, PythonSyntaxError } from '../../src/app/keywords/python-literal.ts'
import { readKeywordTable } from '../../src/app/keywords/table.ts'
import { layerOfYaml } from '../../src/config/file.ts'
import { Problems } from '../../src/config/problems.ts'
import { parseHeader, parseSize, parseSpan } from '../../src/config/values.ts'
import { parseTemplate } from '../../src/expr/template.ts'
import { parseWhere } from '../../src/expr/where.ts'
import { parseConnectTo } from '../../src/http/connect/connect-to.ts'
import { isExempt, parseProxy } from '../../src/http/connect/proxies.ts'
import { requireNetscape } from '../../src/http/cookies/netscape.ts'
import { isOneLine, onlyFaults } from './support/faults.ts'
import { hostileValue, pump, pumps, rubbish } from './support/foreign.ts'
import { property } from './support/property.ts'
import { holds } from './support/rounds.ts'

const USAGE = ['Usage'] as const

describe('tables and indexes', () => {
  const CELLS = [',', ';', '\t', '\n', '\r\n', '"', '""', 'keyword', 'cat', '=1+1', '@a', '\ufeff', '\0', ' ']
  const columns = fc.constantFrom(undefined, 'keyword', '2')

  async function table(text: string, column: string | undefined): Promise<void> {
    const options = { name: 't.csv', ...(column !== undefined && { column }) }
    const { keywords, faults } = await readKeywordTable(text, options)
    expect(keywords.filter((keyword) => !isKeyword(keyword))).toEqual([])
    expect(new Set(keywords).size).toBe(keywords.length)
    for (const fault of faults) expect(String(fault.evidence.where)).toMatch(/^t\.csv:\d+$/)
  }

  holds('tables', 300, fc.tuple(rubbish(CELLS), columns), ([text, column]) =>
    onlyFaults(() => table(text, column), USAGE),
  )
  // The reader of CSV needs some microseconds for each character.
  holds('tables, without measure', 15, fc.tuple(pumps(CELLS), columns), ([one, column]) =>
    onlyFaults(() => table(pump(one), column), USAGE),
  )

  property(
    'indexes',
    ['{', '}', '[', ']', "'", '"', ':', ',', 'cat', 'https://a/1.jpg', '(', ')', '#', '\n', '\\x', 'None'],
    (text) =>
      onlyFaults(() => {
        for (const [keyword, urls] of readIndex(text, 'x')) {
          expect(isKeyword(keyword)).toBe(true)
          expect(new Set(urls).size).toBe(urls.length)
        }
      }, USAGE),
  )

  property(
    'literals of Python',
    ['{', '}', '[', ']', '(', ')', "'", '"', "'''", ':', ',', '\\', '\\U0010ffff', '-', '1', '.', 'e', 'u', '#', '\n'],
    (text) => {
      try {
        parsePythonLiteral(text)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(PythonSyntaxError)
        expect((thrown as PythonSyntaxError).at).toBeLessThanOrEqual(text.length)
      }
    },
  )
})

describe('settings', () => {
  // The user's own file, read once: its library may take its time for one of 100 KB that nobody writes.
  const YAML = [
    'jobs: ',
    '3',
    '\n',
    '  ',
    '- ',
    'sources:',
    ' imgur:',
    '&a ',
    '*a',
    '<<: ',
    '!!js/function ',
    '? ',
    '{',
    '}',
    '[',
    '|',
    '"',
    '%YAML',
    '---',
  ]
  holds('files', 300, rubbish(YAML), async (text) => {
    const problems = new Problems()
    await layerOfYaml(text, 'config.yaml', problems)
    await onlyFaults(() => problems.throwIfAny(), ['Config', 'Usage'])
  })

  property('cookie files', ['\t', '\n', 'a', '#', 'TRUE', '/', '0'], (text) =>
    onlyFaults(() => requireNetscape(text, 'f'), USAGE),
  )

  property('single values', ['1', 'K', 'G', '-', '.', ':', ' ', 'X-A', '\t', '[', ']', '::'], async (text) => {
    const size = parseSize(text)
    expect(size === undefined || size >= 0).toBe(true)
    const span = parseSpan(text)
    expect(span === undefined || typeof span === 'object').toBe(true)
    const header = parseHeader(text)
    if (header !== undefined) expect(isOneLine(header.value)).toBe(true)
    await onlyFaults(() => parseConnectTo(text), USAGE)
    await onlyFaults(() => parseProxy(text), USAGE)
    isExempt(text, 'example.org')
  })

  property('proxies', ['http://', 'socks5://', 'user', ':', '%zz', '@', 'host', '80', '[::1]', '/'], (text) =>
    onlyFaults(() => parseProxy(text), USAGE),
  )
})

describe('conditions and names', () => {
  /** Whatever a source says of an asset. */
  const meta = fc.dictionary(fc.constantFrom('title', 'author', 'date', 'tags', 'width', 'x'), hostileValue, {
    maxKeys: 6,
  })

  property(
    'conditions',
    [
      'width',
      ' >= ',
      '1',
      ' && ',
      ' || ',
      '!',
      '(',
      ')',
      'kind',
      ' == ',
      '"image"',
      'title',
      '.matches(',
      'has(meta.',
      'tags',
      '.exists(t, ',
      '[',
      ']',
      '?',
      ':',
    ],
    (text) =>
      onlyFaults(() => {
        const where = parseWhere(text)
        const fields = { width: 1, title: 'a', tags: ['a'], meta: {} }
        expect(where.judge(fields)).toMatch(/^(?:admit|exclude|ask-file)$/)
        expect(typeof where.judgeFile(fields)).toBe('boolean')
      }, USAGE),
  )

  holds(
    'conditions of many levels',
    40,
    pumps(['!', '(', '-', '[', 'has(', 'tags.exists(t, ', '1 + ', 'true']),
    (one) => onlyFaults(() => parseWhere(pump(one, 3500)).judge({ width: 1 }), USAGE),
  )

  property(
    'templates',
    [
      '{',
      '}',
      '{title}',
      '{date:',
      'YYYY',
      '|',
      'max:',
      '80',
      'replace:',
      '\\',
      '/',
      '..',
      '{index:04}',
      '{tags|join:, }',
      '{{',
      '}}',
    ],
    (text) =>
      onlyFaults(() => {
        for (const kind of ['folder', 'name'] as const) {
          const rendered = parseTemplate(text, { kind }).render({
            title: '../x',
            date: '2020-01-02',
            index: 3,
            id: 'a',
            tags: ['b'],
          })
          for (const level of rendered.split('/')) expect(level).not.toMatch(/^\.|[\\:*?"<>|]|[. ]$/)
        }
      }, USAGE),
  )

  holds('names of any fields', 500, meta, (fields) => {
    const name = parseTemplate('{date:YYYY-MM} {author|or:nobody} {title|max:80} {tags} {x} {meta.x}', { kind: 'name' })
    const folder = parseTemplate('{author}/{title|lower}/{tags}', { kind: 'folder' })
    const all = { ...fields, id: 'id', meta: fields } as Parameters<typeof name.render>[0]
    expect(Buffer.byteLength(name.render(all))).toBeLessThanOrEqual(255)
    expect(name.render(all)).toMatch(/^[^/\\]+$/)
    for (const level of folder.render(all).split('/')) {
      expect(level).not.toMatch(/^\.|\\|[. ]$/)
      expect(Buffer.byteLength(level)).toBeLessThanOrEqual(255)
    }
  })
})
