import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeSqlite } from './dialect.ts'
import type { Tables, Tx } from './schema.ts'
import { Writer } from './writer.ts'

let database: DatabaseSync
let writer: Writer

beforeEach(() => {
  database = new DatabaseSync(':memory:')
  database.exec('create table notes (text text primary key)')
  writer = new Writer(new Kysely<Tables>({ dialect: nodeSqlite(database, ':memory:', 1) }))
})

afterEach(() => database.close())

function note(text: string): (tx: Tx) => Promise<string> {
  return async (tx) => {
    await sql`insert into notes values (${text})`.execute(tx)
    return text
  }
}

function notes(): unknown[] {
  return database
    .prepare('select text from notes order by rowid')
    .all()
    .map((row) => row['text'])
}

describe('the writer', () => {
  it('does works in the order they came and tells each its result', async () => {
    expect(await Promise.all(['a', 'b', 'c'].map((text) => writer.write(note(text))))).toEqual(['a', 'b', 'c'])
    expect(notes()).toEqual(['a', 'b', 'c'])
  })

  it('lets a work that fails undo itself alone', async () => {
    const works = [note('a'), note('b'), note('a'), note('c')].map((work) => writer.write(work))
    const ends = await Promise.allSettled(works)
    expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(notes()).toEqual(['a', 'b', 'c'])
  })

  it('tells nobody of a result before it is committed', async () => {
    const open = await Promise.all(
      ['a', 'b', 'c'].map(async (text) => {
        await writer.write(note(text))
        return database.isTransaction
      }),
    )
    expect(open).toEqual([false, false, false])
  })

  it('goes on after a transaction that failed as a whole', async () => {
    const fatal = writer.write(async (tx) => {
      await sql`rollback`.execute(tx)
      throw new Error('the disk is gone')
    })
    await expect(fatal).rejects.toThrow('the disk is gone')
    expect(await writer.write(note('after'))).toBe('after')
    expect(notes()).toEqual(['after'])
  })
})
