import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { aria2c } from './aria2c.ts'
import { bowerbird, bowerbirdNoFsync } from './bowerbird.ts'
import { curl } from './curl.ts'
import { galleryDl } from './gallery-dl.ts'
import { parallelWget } from './parallel-wget.ts'
import type { Peer } from './peer.ts'
import { scrapy } from './scrapy.ts'
import { wget2 } from './wget2.ts'

const PEERS: readonly Peer[] = [bowerbirdNoFsync, bowerbird, curl, aria2c, wget2, parallelWget, galleryDl, scrapy]

export interface InstalledPeer {
  readonly peer: Peer
  readonly version: string
}

/** Those of all peers that work here, in the order of the table; with names, only those. Both bowerbirds are always in. */
export async function installedPeers(names: readonly string[] | undefined): Promise<InstalledPeer[]> {
  const wanted = PEERS.filter((peer) => names === undefined || isOurs(peer) || names.includes(shortName(peer)))
  const found = await Promise.all(wanted.map(find))
  return found.flatMap((each) => each ?? [])
}

/** For `--peers`. */
export const PEER_NAMES = PEERS.filter((peer) => !isOurs(peer)).map(shortName)

function shortName(peer: Peer): string {
  return peer.name.split(' ')[0]?.toLowerCase() ?? ''
}

function isOurs(peer: Peer): boolean {
  return peer === bowerbird || peer === bowerbirdNoFsync
}

async function find(peer: Peer): Promise<InstalledPeer | undefined> {
  try {
    const said = await Promise.all(
      peer.installed.map(([program, ...args]) => promisify(execFile)(program, args).then(({ stdout }) => stdout)),
    )
    return { peer, version: readVersion(said[0] ?? '') }
  } catch {
    return undefined
  }
}

/** From the first line: `aria2 version 1.36.0`, `GNU Wget2 1.99.1`, `GNU parallel 20221122`, `1.25.3`. */
export function readVersion(said: string): string {
  const line = said.split('\n')[0] ?? ''
  return /\d+(?:\.\d+)+/.exec(line)?.[0] ?? /\b\d+\b/.exec(line)?.[0] ?? 'unknown'
}
