import { makeMedia } from '../../../replicas/harness/media.ts'
import type { Media } from '../../../replicas/harness/media.ts'
import { startReplicas } from '../../../replicas/harness/start.ts'
import type { RunningReplicas } from '../../../replicas/harness/start.ts'
import { closeAfter } from './scene.ts'

/** Replicas of real sites until the end of the test, and the options that lead the program to them. */
export async function replicasOf(
  ...names: readonly string[]
): Promise<RunningReplicas & { readonly flags: readonly string[] }> {
  const running = await startReplicas(names)
  closeAfter(() => running.close())
  const flags = ['--connect-to', running.connectTo, '--cacert', running.caFile, '--rate', '1000']
  return Object.assign(running, { flags })
}

/** The hashes of what a replica is expected to give. */
export async function sumsOf(files: Readonly<Record<string, Media>>): Promise<ReadonlySet<string>> {
  const made = await Promise.all(Object.values(files).map((media) => makeMedia(media)))
  return new Set(made.map(({ sha256 }) => sha256))
}
