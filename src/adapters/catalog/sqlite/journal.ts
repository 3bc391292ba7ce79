import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Numbers of the file systems of Linux (statfs(2)) that other machines may have mounted at the same time. */
const SHARED = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x5346414f, // AFS
  0x01021997, // 9P
  0x65735546, // FUSE, which sshfs is; others of it are local, and only slower this way
])

/**
 * How SQLite makes commits whole. Its log (`wal`) is quicker and lets readers go on, but needs memory that all who have
 * the catalog open share: https://sqlite.org/wal.html. Machines that share a folder have none.
 */
export function journalMode(file: string): 'wal' | 'delete' {
  try {
    return SHARED.has(statfsSync(dirname(file)).type) ? 'delete' : 'wal'
  } catch {
    return 'wal'
  }
}
