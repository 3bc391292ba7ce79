import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { openDiskStore } from '../../src/adapters/store/disk/store.ts'
import type { DiskStoreOptions } from '../../src/adapters/store/disk/store.ts'
import type { StoreBench } from '../contracts/store.ts'

export const INSPECT = new URL('inspect.ts', import.meta.url)

export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'bowerbird-store-')))
}

function filesBelow(root: string): string[] {
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()
}

export function finalFiles(root: string): string[] {
  return filesBelow(root).filter((path) => !path.startsWith('.bowerbird/'))
}

export function partFiles(root: string): string[] {
  return filesBelow(join(root, '.bowerbird/parts'))
}

/** A library in a temporary folder. */
export function diskBench(options: Partial<DiskStoreOptions> = {}): StoreBench & { readonly root: string } {
  const base = temporaryFolder()
  const root = join(base, 'library')
  return {
    root,
    open: () => openDiskStore({ root, fsync: false, inspectModule: INSPECT, ...options }),
    async plant(path, bytes) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), bytes)
    },
    read: async (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined),
    list: async () => finalFiles(root),
    remains: async () => partFiles(root),
    dispose: async () => rmSync(base, { recursive: true, force: true }),
  }
}
