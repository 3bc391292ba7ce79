import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The folder of one call of the benchmarks, and the processes that must not outlive it. */
export interface Workplace {
  readonly folder: string
  /** Takes charge of a process; while the place closes, none can start. */
  adopt(child: ChildProcess): void
  close(): Promise<void>
}

/** Everything lies on the disk of `parent`, and goes away at the end, at Ctrl-C too. */
export async function openWorkplace(parent: string): Promise<Workplace> {
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'run-'))
  await mkdir(join(folder, 'home'))
  const children = new Set<ChildProcess>()
  let closing = false
  const adopt = (child: ChildProcess): void => {
    children.add(child)
    child.on('exit', () => children.delete(child))
    if (closing) endGroup(child)
  }
  const close = async (): Promise<void> => {
    closing = true
    for (const child of children) endGroup(child)
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => void close().finally(() => process.exit(status)))
  }
  return { folder, adopt, close }
}

/** Measured programs lead a group of their own, servers do not. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill()
  }
}

/** The environment of every program: no settings of the user, no proxy. */
export function plainEnvironment(workplace: Workplace): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/_proxy$|^npm_|^NODE_|^XDG_|^BOWERBIRD_/i.test(name))
  return { ...Object.fromEntries(kept), HOME: join(workplace.folder, 'home') }
}

/** Where a program is, if it is installed. */
export async function onPath(program: string): Promise<string | undefined> {
  // Servers often stand where the path of a plain user does not lead.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  for (const folder of folders) {
    const path = join(folder, program)
    try {
      await access(path, constants.X_OK)
      return path
    } catch {
      continue
    }
  }
  return undefined
}
