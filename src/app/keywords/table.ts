import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { isKeyword, tidyKeyword } from './keyword.ts'

/** Words of a first row that is a header, where no column is named. */
const HEADERS = /^(?:(?:search )?(?:keywords?|quer(?:y|ies)|terms?)|keyphrases?|search(?:es)?|suchbegriffe?|words?|q)$/i

export interface TableOptions {
  /** How the file is called in messages. */
  readonly name: string
  /** `--column`: the name of a column, or its number from 1. */
  readonly column?: string
}

/** The keywords of a table, each once, and what is wrong with single rows. */
export interface KeywordTable {
  readonly keywords: readonly string[]
  readonly faults: readonly Fault[]
  /** What was taken for granted. */
  readonly notes: readonly string[]
}

interface Row {
  /** Where it ends, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * One column of a table of comma, semicolon or tab separated values. Without `--column` it is the first, or the one
 * whose header says that it has keywords. A row that cannot be used is a fault with its line; the rest goes on.
 */
export async function readKeywordTable(text: string, options: TableOptions): Promise<KeywordTable> {
  const { rows, faults } = await readRows(text, options.name)
  const { at, header, notes } = columnOf(rows[0]?.cells ?? [], options)
  const keywords = new Set<string>()
  for (const { line, cells } of header ? rows.slice(1) : rows) {
    const keyword = tidyKeyword(cells[at] ?? '')
    if (isKeyword(keyword)) keywords.add(keyword)
    else if (keyword !== '')
      faults.push(rowFault(`${options.name}:${line}`, `${JSON.stringify(keyword.slice(0, 60))} cannot be searched for`))
  }
  if (keywords.size === 0 && faults.length === 0)
    throw new Fault('Usage', `the table ${options.name} has no keyword`, { advice: 'give it one a row' })
  return { keywords: [...keywords], faults, notes }
}

async function readRows(
  text: string,
  name: string,
): Promise<{ readonly rows: readonly Row[]; readonly faults: Fault[] }> {
  const { parse } = await import('csv-parse/sync')
  const faults: Fault[] = []
  const rows: Row[] = []
  const common = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true, trim: true } as const
  /** Of the first row, which is read with each delimiter: the one that makes most of it. */
  const widthWith = (delimiter: string): number =>
    parse(text, { ...common, delimiter, to: 1, skip_records_with_error: true })[0]?.length ?? 0
  const [delimiter = ','] = [',', ';', '\t'].toSorted((one, other) => widthWith(other) - widthWith(one))
  parse(text, {
    ...common,
    delimiter,
    skip_records_with_error: true,
    on_skip: (error) => {
      const what = error?.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened and never closed' : error?.message
      faults.push(rowFault(`${name}:${(rows.at(-1)?.line ?? 0) + 1}`, what ?? 'the row cannot be read'))
      return undefined
    },
    on_record: (cells, { lines }) => {
      rows.push({ line: lines, cells })
      return null
    },
  })
  return { rows, faults }
}

function rowFault(where: string, message: string): Fault {
  return new Fault('Usage', message, { where })
}

interface Column {
  /** From 0. */
  readonly at: number
  /** The first row names columns. */
  readonly header: boolean
  readonly notes: readonly string[]
}

function columnOf(first: readonly string[], { name, column }: TableOptions): Column {
  const titles = first.map((cell) => cell.toLowerCase())
  const known = titles.findIndex((title) => HEADERS.test(title))
  if (column === undefined) {
    const at = Math.max(0, known)
    return { at, header: known >= 0, notes: known < 0 && first.length > 1 ? [manyColumns(name, first)] : [] }
  }
  const named = titles.indexOf(column.trim().toLowerCase())
  if (named >= 0) return { at: named, header: true, notes: [] }
  const number = /^[1-9]\d{0,4}$/.test(column) ? Number(column) : 0
  if (number === 0 || number > first.length)
    throw new Fault('Usage', `the table ${name} has no column "${column}"`, {
      advice: number > 0 ? `it has ${first.length} columns` : didYouMean(column, first.slice(0, 20)),
    })
  return { at: number - 1, header: known >= 0, notes: [] }
}

function manyColumns(name: string, first: readonly string[]): string {
  return `${name} has ${first.length} columns and no header that says which has keywords: the first is taken; --column names another`
}
