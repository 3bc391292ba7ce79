import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Examined, OpenRun } from '../../adapters/catalog/sqlite/examine.ts'
import { toFault } from '../../core/errors.ts'
import { ok, problem, warning } from './check.ts'
import type { Check } from './check.ts'

const DAY_MS = 24 * 3_600_000
/** A backup is made once a day at least, of a library that is used. */
const OLD_MS = 7 * DAY_MS

/** The catalog of a library and what lies beside it. */
export async function* checkCatalog(file: string, root: string): AsyncGenerator<Check> {
  const { examineCatalog, examinePages } = await import('../../adapters/catalog/sqlite/examine.ts')
  try {
    const found = examineCatalog(file)
    if (found === undefined) yield ok('catalog', `there is none yet at ${file}`)
    else yield* tellCatalog(file, found)
  } catch (thrown) {
    yield problem('catalog', toFault(thrown))
  }
  const secrets = join(dirname(file), 'private.db')
  try {
    examinePages(secrets)
    yield* checkPrivate(secrets)
  } catch (thrown) {
    yield problem('private store', toFault(thrown))
  }
  yield* checkParts(join(root, '.bowerbird', 'parts'))
}

function* tellCatalog(file: string, found: Examined): Generator<Check> {
  const size = `${found.items} items, ${(found.bytes / 2 ** 20).toFixed(1)} MiB`
  yield ok('catalog', `${file}: every page, index and reference is sound (${size})`)
  yield found.schema === found.newestSchema
    ? ok('schema', `${found.schema}, the newest`)
    : ok('schema', `${found.schema}: the next command brings it to ${found.newestSchema}, and keeps a copy`)
  yield* checkRuns(found.runs)
  yield checkBackup(found.backup)
}

function* checkRuns(runs: readonly OpenRun[]): Generator<Check> {
  if (runs.length === 0) yield ok('runs', 'all have ended')
  for (const { id, pid, host, started, is } of runs) {
    const since = new Date(started).toISOString()
    if (is === 'at work') yield ok('runs', `run ${id} is at work: process ${pid} on ${host}, since ${since}`)
    else {
      const why = is === 'dead' ? `its process ${pid} on ${host} is dead` : 'it was interrupted'
      yield warning('runs', `run ${id} of ${since} did not end: ${why}`, 'go on with `bowerbird resume`')
    }
  }
}

function checkBackup(made: number | undefined): Check {
  const advice = 'every run that ends well makes one, where there is room for it'
  if (made === undefined) return warning('backup', 'the catalog has no backup yet', advice)
  const message = `made ${new Date(made).toISOString()}`
  return Date.now() - made > OLD_MS ? warning('backup', `the last one was ${message}`, advice) : ok('backup', message)
}

/** It holds what the catalog must not: nobody else may read it. */
function* checkPrivate(file: string): Generator<Check> {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined || process.platform === 'win32') return
  const mode = stats.mode & 0o777
  if ((mode & 0o077) === 0) {
    yield ok('private store', `mode ${mode.toString(8)}, for you alone`)
    return
  }
  const message = `others may read ${file} (mode ${mode.toString(8)}), which holds tokens of signed URLs`
  yield problem('private store', { message, evidence: { advice: `chmod 600 '${file}'` } })
}

/** What was received in part: continued by the next run that wants it. */
function* checkParts(folder: string): Generator<Check> {
  let bytes = 0
  let count = 0
  for (const name of namesIn(folder)) {
    if (name.includes('.')) continue
    const stats = statSync(join(folder, name), { throwIfNoEntry: false })
    bytes += stats?.size ?? 0
    count += 1
  }
  const message = `${count} files are here in part, ${(bytes / 2 ** 20).toFixed(1)} MiB`
  yield count === 0
    ? ok('parts', 'none is left over')
    : warning('parts', message, 'they are continued by `bowerbird resume` or `bowerbird retry`')
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
