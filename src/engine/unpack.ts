import { toFault } from '../core/errors.ts'
import { keyHash8 } from '../core/keys.ts'
import { collisionStem } from '../core/names.ts'
import type { ClaimedAsset } from '../ports/catalog.ts'
import type { Incoming, Received } from '../ports/store.ts'
import { extract } from './extract.ts'
import type { ArchiveEntry } from './extract.ts'
import type { EngineParts } from './parts.ts'
import { extensionFor } from './verify/extension.ts'
import { judge } from './verify/expect.ts'

type UnpackParts = Pick<EngineParts, 'store' | 'emit'>

/**
 * `--extract`: the files of an archive go into a folder of its name beside it, each verified like a file of its own.
 * It happens before the archive gets its final name, so a run that is killed in between does it again: what stands
 * there already is the same and is adopted. An archive that is not safe to unpack is kept as it is, with a warning.
 */
export async function unpack(asset: ClaimedAsset, received: Received, parts: UnpackParts): Promise<void> {
  if (received.inspection.extension !== 'zip') return
  try {
    await extract(received.file, (entry, content) => storeEntry(asset, entry, content, parts))
  } catch (thrown) {
    const fault = toFault(thrown)
    if (fault.code !== 'UnsafeArchive' && fault.code !== 'Damaged') throw fault
    parts.emit({ event: 'note', level: 'warning', message: `${asset.key} is kept packed: ${fault.message}` })
  }
}

async function storeEntry(
  asset: ClaimedAsset,
  entry: ArchiveEntry,
  content: AsyncIterable<Uint8Array>,
  { store, emit }: UnpackParts,
): Promise<void> {
  const key = `${asset.key}/${entry.path}`
  const incoming = store.receive(key)
  const received = await receive(incoming, content)
  const { sha256, inspection } = received
  const fault = judge(inspection, {}, { url: `file:///${encodeURI(entry.path)}`, sha256 })
  if (fault !== undefined) {
    await incoming.abort(false)
    emit({ event: 'note', level: 'warning', message: `${entry.path} of ${asset.key} is left packed: ${fault.message}` })
    return
  }
  const levels = entry.path.split('/')
  const stem = (levels.pop() ?? '').replace(/\.[^.]+$/, '')
  await store.publish({
    key,
    sha256,
    folder: [asset.folder, asset.stem, ...levels].filter((level) => level !== '').join('/'),
    stem,
    otherStem: collisionStem(stem, keyHash8(key)),
    extension: extensionFor(inspection, entry.path),
    modified: entry.modified,
  })
  await store.settle([key])
}

async function receive(incoming: Incoming, content: AsyncIterable<Uint8Array>): Promise<Received> {
  let drained: (() => void) | undefined
  incoming.onDrain(() => drained?.())
  try {
    for await (const chunk of content) {
      const room = new Promise<void>((resolve) => (drained = resolve))
      if (!incoming.write(chunk)) await room
    }
    return await incoming.finish()
  } catch (thrown) {
    await incoming.abort(false)
    throw thrown
  }
}
