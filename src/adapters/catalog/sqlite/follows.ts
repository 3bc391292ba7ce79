import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { RefSpec } from '../../../core/source.ts'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { Follow, Follows, NewFollow } from '../../../ports/follows.ts'
import { refIdentity } from './sanitise.ts'
import type { Database, FollowsTable } from './schema.ts'
import { privateName } from './secrets.ts'
import type { PrivateStore } from './secrets.ts'
import type { Writer } from './writer.ts'

type FollowRecord = Selectable<FollowsTable>

/** What is followed, over SQLite. A text with secrets is whole in the private store as long as it is followed. */
export class SqliteFollows implements Follows {
  readonly #db: Database
  readonly #writer: Writer
  readonly #secrets: PrivateStore

  constructor(db: Database, writer: Writer, secrets: PrivateStore) {
    this.#db = db
    this.#writer = writer
    this.#secrets = secrets
  }

  add({ text, literal, root, stop }: NewFollow): Promise<'new' | 'changed' | 'known'> {
    const identity = refIdentity(root)
    const plain = withoutSecrets(text)
    const secret = plain === text ? 0 : 1
    const until = stop === undefined ? null : withoutSecrets(stop)
    return this.#writer.write(async (tx) => {
      const known = await tx
        .selectFrom('follows')
        .select(['id', 'stop'])
        .where('identity', '=', identity)
        .executeTakeFirst()
      if (known === undefined) {
        if (secret === 1) await this.#secrets.put([[privateName.follow(identity), text]])
        const row = {
          identity,
          text: plain,
          literal: literal ? 1 : 0,
          source: root.source,
          secret,
          stop: until,
        } as const
        await tx
          .insertInto('follows')
          .values({ ...row, added: Date.now() })
          .execute()
        return 'new'
      }
      if (until === null || until === known.stop) return 'known'
      await tx.updateTable('follows').set({ stop: until }).where('id', '=', known.id).execute()
      return 'changed'
    })
  }

  async remove(id: number): Promise<void> {
    const removed = await this.#writer.write((tx) =>
      tx.deleteFrom('follows').where('id', '=', id).returning('identity').executeTakeFirst(),
    )
    if (removed !== undefined) await this.#secrets.remove([privateName.follow(removed.identity)])
  }

  async list(): Promise<readonly Follow[]> {
    return this.#whole(await this.#db.selectFrom('follows').selectAll().orderBy('id').execute())
  }

  async find(root: RefSpec): Promise<Follow | undefined> {
    const found = await this.#db.selectFrom('follows').selectAll().where('identity', '=', refIdentity(root)).execute()
    const [follow] = await this.#whole(found)
    return follow
  }

  async visited(id: number, at: number): Promise<void> {
    await this.#writer.write((tx) => sql`update follows set updated = ${at} where id = ${id}`.execute(tx))
  }

  async #whole(records: readonly FollowRecord[]): Promise<readonly Follow[]> {
    const names = records.filter(({ secret }) => secret === 1).map(({ identity }) => privateName.follow(identity))
    const wholes = await this.#secrets.get(names)
    return records.map((record) => toFollow(record, wholes.get(privateName.follow(record.identity))))
  }
}

function toFollow({ id, text, literal, source, stop, added, updated }: FollowRecord, whole: unknown): Follow {
  return {
    id,
    text: typeof whole === 'string' ? whole : text,
    literal: literal === 1,
    source,
    added,
    ...(stop === null ? {} : { stop }),
    ...(updated === null ? {} : { updated }),
  }
}
