import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import { Fault } from '../../../core/errors.ts'
import { withoutSecrets } from '../../../core/without-secrets.ts'
import type { KnownTarget, NamedTarget, TargetRow, VisitMode } from '../../../ports/catalog.ts'
import { addRefs } from './refs.ts'
import { relistAll } from './relist.ts'
import { identity, refIdentity } from './sanitise.ts'
import type { TargetsTable, Tx } from './schema.ts'
import type { PrivateStore } from './secrets.ts'

export type TargetInput = NamedTarget | KnownTarget

/** Stands for the options of a visit that was continued with others: no hash is like it, and the next visit reads all. */
const MIXED = 'mixed'

export interface OpenOptions {
  readonly run: number
  readonly mode: VisitMode
}

type TargetRecord = Selectable<TargetsTable>

/**
 * A target's visits. A visit is under way while one of its refs waits (held ones apart) or is being explored, or one of
 * its assets is listed or being fetched and its run did not finish. Whoever opens the target then continues it: what
 * it explored is not explored again. Otherwise a `visit` or `update` begins the next one at the root. A run that opens a
 * target twice stays in its visit; an `update` goes on to the next one, when the one before is done.
 */
export async function openTarget(
  tx: Tx,
  secrets: PrivateStore,
  input: TargetInput,
  options: OpenOptions,
): Promise<TargetRow> {
  const found = await findTarget(tx, input)
  const target = found ?? (await makeTarget(tx, secrets, input, options))
  const again = found?.run === options.run
  const mayBegin = options.mode === 'update' || (options.mode === 'visit' && !again)
  const anew = mayBegin && found !== undefined && !(await isUnderWay(tx, found, again))
  const opened = anew ? await beginVisit(tx, secrets, target, input) : target
  if (found !== undefined && !again) await tryAgain(tx, opened, options)
  await noteRun(tx, opened, options.run)
  const continued = found !== undefined && !anew
  if (continued && isOther(opened, input))
    await tx.updateTable('targets').set({ options: MIXED }).where('id', '=', opened.id).execute()
  return {
    id: opened.id,
    text: opened.text,
    source: opened.source,
    visit: opened.visit,
    continued,
    listed: opened.listed,
    stored: continued ? await storedOf(tx, opened) : 0,
    left: await leftOf(tx, opened),
    partial: opened.partial > 0,
    changed: opened.changed === 1 || isOther(opened, input),
    ...(opened.stop === null ? {} : { stop: opened.stop }),
  }
}

async function findTarget(tx: Tx, input: TargetInput): Promise<TargetRecord | undefined> {
  const targets = tx.selectFrom('targets').selectAll()
  if ('id' in input) {
    const row = await targets.where('id', '=', input.id).executeTakeFirst()
    if (row === undefined) throw new Fault('UnknownTarget', `the catalog has no target ${input.id}`)
    return row
  }
  return targets.where('identity', '=', targetIdentity(input)).executeTakeFirst()
}

function targetIdentity({ text, root }: NamedTarget): string {
  return identity([shown(text), refIdentity(root)])
}

function shown(text: string): string {
  return text.trim().normalize('NFC')
}

async function makeTarget(
  tx: Tx,
  secrets: PrivateStore,
  input: TargetInput,
  options: OpenOptions,
): Promise<TargetRecord> {
  if ('id' in input) throw new Fault('Internal', `the target ${input.id} cannot be made of its id`)
  const row = await tx
    .insertInto('targets')
    .values({
      identity: targetIdentity(input),
      text: withoutSecrets(shown(input.text)),
      source: input.root.source,
      root: refIdentity(input.root),
      visit: 1,
      listed: 0,
      run: options.run,
      stop: stopOf(input),
      options: optionsOf(input, input.root.source),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await addRoot(tx, secrets, row, input)
  return row
}

async function addRoot(
  tx: Tx,
  secrets: PrivateStore,
  target: TargetRecord,
  { root, named }: NamedTarget,
): Promise<void> {
  await addRefs(tx, secrets, target.id, target.visit, [{ spec: root, page: 1, depth: 0, held: false, named }])
}

/** `again`: the run has worked on it already, so that what it did not fetch it left out. */
async function isUnderWay(tx: Tx, target: TargetRecord, again: boolean): Promise<boolean> {
  const refs = await sql`
    select 1 from refs where target = ${target.id} and state <> 'explored'
      and ((state = 'waiting' and held = 0) or state = 'exploring') limit 1`.execute(tx)
  if (refs.rows.length > 0) return true
  if (again) return false
  const run = await tx.selectFrom('runs').select('state').where('id', '=', target.run).executeTakeFirst()
  if (run?.state === 'finished') return false
  const assets = await sql`
    select 1 from listings cross join assets on assets.id = listings.asset
    where listings.target = ${target.id} and listings.visit = ${target.visit}
      and +assets.state in ('listed', 'fetching') limit 1`.execute(tx)
  return assets.rows.length > 0
}

/**
 * The next visit. Explored pages of earlier ones say nothing more and go, the root apart; that a ref below a listing was
 * explored tells that it is not new. A visit that explored all there was, holding and losing nothing, has also seen what
 * still earlier ones left: that goes too, and where it went to the end of the listing, nothing lies below it any more.
 */
async function beginVisit(
  tx: Tx,
  secrets: PrivateStore,
  target: TargetRecord,
  input: TargetInput,
): Promise<TargetRecord> {
  const unseen = await sql`
    select 1 from refs where target = ${target.id} and state <> 'explored' and visit = ${target.visit} limit 1`.execute(
    tx,
  )
  const done = sql`state = 'explored' and (depth = 0 or listing is not null)`
  const gone = unseen.rows.length === 0 ? sql`(state <> 'explored' or ${done})` : done
  await sql`delete from refs where target = ${target.id} and identity <> ${target.root} and ${gone}`.execute(tx)
  const begun = await tx
    .updateTable('targets')
    .set({
      visit: target.visit + 1,
      listed: 0,
      stop: stopOf(input),
      options: optionsOf(input, target.source) ?? target.options,
      changed: isOther(target, input) ? 1 : 0,
      ...(unseen.rows.length === 0 && target.partial < target.visit && { partial: 0 }),
    })
    .where('id', '=', target.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  if (!('id' in input)) await addRoot(tx, secrets, begun, input)
  else await requeueRoot(tx, begun)
  await requeueFailedChildren(tx, begun)
  return begun
}

function stopOf(input: TargetInput): string | null {
  return 'id' in input || input.stop === undefined ? null : withoutSecrets(input.stop)
}

/** A hash: options may be credentials. */
function optionsOf(input: TargetInput, source: string): string | null {
  const options = 'id' in input ? input.options?.(source) : input.options
  return options === undefined ? null : identity(options)
}

function isOther(target: TargetRecord, input: TargetInput): boolean {
  const options = optionsOf(input, target.source)
  return options !== null && options !== target.options
}

async function requeueRoot(tx: Tx, target: TargetRecord): Promise<void> {
  await tx
    .updateTable('refs')
    .set({ state: 'waiting', held: 0, visit: target.visit, strategy: null, found: null, code: null, reason: null })
    .where('target', '=', target.id)
    .where('identity', '=', target.root)
    .execute()
}

/** Like failed assets they are tried again, also where no listing brings them up: they may lie on a page that is not read. */
async function requeueFailedChildren(tx: Tx, target: TargetRecord): Promise<void> {
  await tx
    .updateTable('refs')
    .set({ state: 'waiting', held: 0, visit: target.visit, code: null, reason: null })
    .where('target', '=', target.id)
    .where('state', '<>', 'explored')
    .where('state', '=', 'failed')
    .where('depth', '>', 0)
    .where('listing', 'is', null)
    .execute()
}

/** A later run may have wider limits and better luck: in a visit what was held waits again, and what failed is listed. */
async function tryAgain(tx: Tx, target: TargetRecord, { mode }: OpenOptions): Promise<void> {
  if (mode === 'resume') return
  const which =
    mode === 'retry' ? sql`state = 'failed'` : sql`visit = ${target.visit} and (state = 'failed' or held = 1)`
  await sql`
    update refs set state = 'waiting', held = 0, code = null, reason = null
    where target = ${target.id} and state <> 'explored' and state in ('waiting', 'failed') and ${which}`.execute(tx)
  if (mode === 'retry') return
  await relistAll(tx, target.id, 'failed')
  if (mode === 'update') await relistAll(tx, target.id, 'missing')
}

async function noteRun(tx: Tx, target: TargetRecord, run: number): Promise<void> {
  if (target.run !== run) await tx.updateTable('targets').set({ run }).where('id', '=', target.id).execute()
  await sql`insert or ignore into run_targets (run, target) values (${run}, ${target.id})`.execute(tx)
}

async function storedOf(tx: Tx, target: TargetRecord): Promise<number> {
  const counted = await sql<{ stored: number }>`
    select count(*) as stored from listings cross join assets on assets.id = listings.asset
    where listings.target = ${target.id} and listings.visit = ${target.visit} and +assets.state = 'stored'`.execute(tx)
  return counted.rows[0]?.stored ?? 0
}

async function leftOf(tx: Tx, target: TargetRecord): Promise<number> {
  const counted = await sql<{ count: number }>`
    select count(*) as count from refs
    where target = ${target.id} and state <> 'explored' and visit < ${target.visit}`.execute(tx)
  return counted.rows[0]?.count ?? 0
}
