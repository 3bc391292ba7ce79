import type { ResponseHead } from '../core/http.ts'
import type { StoredFile } from '../core/files.ts'
import { redactUrl } from '../core/redact.ts'
import { collisionStem } from '../core/names.ts'
import { keyHash8 } from '../core/keys.ts'
import type { ClaimedAsset } from '../ports/catalog.ts'
import type { Received } from '../ports/store.ts'
import { header } from './intake.ts'
import type { EngineParts, RunSettings } from './parts.ts'
import type { Fields } from '../expr/fields.ts'
import { fieldsOf } from './plan.ts'
import { olderFile } from './older.ts'
import { writeSidecar } from './sidecar.ts'
import type { Twins } from './twins.ts'
import { unpack } from './unpack.ts'
import { extensionFor } from './verify/extension.ts'
import { judge } from './verify/expect.ts'

/** What verifying, screening and storing need. */
export interface KeepContext {
  readonly parts: Pick<EngineParts, 'store' | 'screens' | 'decode' | 'catalog' | 'emit'>
  readonly settings: RunSettings
  readonly twins: Twins
}

export type Kept =
  | { readonly to: 'stored'; readonly file: StoredFile }
  | { readonly to: 'rejected'; readonly reason: string }

/** verify: throws the fault that makes another try or another candidate worth while. */
export async function verify(
  asset: ClaimedAsset,
  received: Received,
  head: ResponseHead,
  context: Pick<KeepContext, 'parts'>,
): Promise<void> {
  const contentType = header(head.headers, 'content-type')
  const arrival = { url: head.url, sha256: received.sha256, ...(contentType !== undefined && { contentType }) }
  const fault = judge(received.inspection, asset.rules, arrival)
  if (fault !== undefined) throw fault
  await context.parts.decode?.(received.file)
}

/** screen, then store: a sound file gets its final name, or is refused by a screen or by what only the file tells. */
export async function keep(
  asset: ClaimedAsset,
  received: Received,
  head: ResponseHead,
  context: KeepContext,
): Promise<Kept> {
  const { twins, parts } = context
  const work = async (): Promise<Kept> => {
    const reason = await rejection(asset, received, context)
    return reason === undefined ? store(asset, received, head, context) : { to: 'rejected', reason }
  }
  if (parts.screens.length === 0) return work()
  return twins.inTurn(received.sha256, async () => {
    const kept = await work()
    if (kept.to === 'stored') twins.add(received.sha256, kept.file.path)
    return kept
  })
}

async function store(asset: ClaimedAsset, received: Received, head: ResponseHead, context: KeepContext): Promise<Kept> {
  const { inspection } = received
  const { parts, settings } = context
  if (settings.extract) await unpack(asset, received, parts)
  const older = olderFile(asset)
  const extension = extensionFor(inspection, head.url)
  const modified = Date.parse(header(head.headers, 'last-modified') ?? '')
  const { path } = await parts.store.publish({
    key: asset.key,
    sha256: received.sha256,
    folder: asset.folder,
    stem: asset.stem,
    otherStem: collisionStem(asset.stem, keyHash8(asset.key)),
    extension,
    ...(older !== undefined && { replaces: older }),
    ...(Number.isFinite(modified) && { modified }),
  })
  const file = describe(path, received, head)
  if (settings.sidecar) await writeSidecar(asset, file, parts)
  return { to: 'stored', file }
}

/** A file that a killed process had published: looked at again, and recorded. */
export async function adopt(asset: ClaimedAsset, path: string, context: KeepContext): Promise<StoredFile | undefined> {
  const received = await context.parts.store.reread(path)
  if (received === undefined || received.inspection.damage !== undefined) return undefined
  const url = asset.candidates[0]?.url ?? ''
  const file = describe(path, received, { url, status: 200, headers: {}, redirects: 0 })
  if (context.settings.sidecar) await writeSidecar(asset, file, context.parts)
  return file
}

async function rejection(asset: ClaimedAsset, received: Received, context: KeepContext): Promise<string | undefined> {
  const { inspection, bytes, sha256 } = received
  const { where } = context.settings.rules(asset.source)
  if (where !== undefined) {
    const fields = fileFields(asset, received)
    if (where.judge(listedFields(asset)) === 'ask-file' && !where.judgeFile(fields))
      return '--where does not hold for the file'
  }
  for (const screen of context.parts.screens) {
    const verdict = await screen.judge({
      key: asset.key,
      bytes,
      sha256,
      ...inspection,
      twin: async () => context.twins.find(sha256) ?? context.parts.catalog.assets.twin(sha256, asset.key),
    })
    if (!verdict.keep) return `${screen.name}: ${verdict.reason}`
  }
  return undefined
}

function listedFields(asset: ClaimedAsset): Fields {
  return fieldsOf(asset, asset)
}

function fileFields(asset: ClaimedAsset, received: Received): Fields {
  const { mime, kind, width, height } = received.inspection
  return {
    ...listedFields(asset),
    bytes: received.bytes,
    mime,
    kind,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  }
}

function describe(path: string, received: Received, head: ResponseHead): StoredFile {
  const { mime, kind, width, height } = received.inspection
  const etag = header(head.headers, 'etag')
  const lastModified = header(head.headers, 'last-modified')
  return {
    path,
    bytes: received.bytes,
    sha256: received.sha256,
    mime,
    kind,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    url: redactUrl(head.url),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  }
}
