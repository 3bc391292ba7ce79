/** The real program, spawned as a user would start it, and a small site for it to collect from. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BYSTANDERS, sieve } from './sieve.ts'
import { makeMedia } from '../../replicas/harness/media.ts'
import { MAIN } from '../program.ts'

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Workplace {
  /** The current folder of the program: empty, and its own. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  run(...args: readonly string[]): Promise<Ended>
  start(...args: readonly string[]): ChildProcess
  remove(): Promise<void>
}

/** A folder of its own, and an environment without anybody's settings. */
export async function workplace(more: NodeJS.ProcessEnv = {}): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-cli-'))
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(BOWERBIRD_|npm_|NO_COLOR|FORCE_COLOR|LC_|.*_proxy$)/i.test(name),
  )
  const environment = {
    ...Object.fromEntries(own),
    XDG_CONFIG_HOME: join(folder, 'config'),
    LANG: 'C.UTF-8',
    ...BYSTANDERS,
    ...more,
  }
  const start = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  return {
    folder,
    environment,
    start,
    run: (...args) => watch(start(...args)).ended,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess
  /** Resolves when standard error holds this. */
  readonly said: (pattern: RegExp) => Promise<void>
  /** What it said in all, once it has ended. */
  readonly ended: Promise<Ended>
}

export function watch(child: ChildProcess): Running {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => (said[name] += chunk))
  }
  const closed = once(child, 'close') as Promise<[number | null]>
  return {
    child,
    said: async (pattern) => {
      while (!pattern.test(said.stderr) && child.stderr !== null) await once(child.stderr, 'data')
    },
    ended: closed.then(([status]) => {
      sieve(child.spawnargs, said.stdout, said.stderr)
      return { status, ...said }
    }),
  }
}

export interface Site {
  readonly origin: string
  /** Answers begin only when this is called, for paths below `/held/`. */
  release(): void
  /** Resolves when so many requests below `/held/` wait. */
  held(count: number): Promise<void>
  close(): Promise<void>
}

/** `/n/NUMBER.jpg` up to 100,000, numbers that end in 7 excepted; `/empty` and `/page`; `/held/NUMBER.jpg`; else 404. */
export async function startSite(): Promise<Site> {
  const { bytes } = await makeMedia({ format: 'jpeg', width: 64, height: 48, seed: 7 })
  const waiting: (() => void)[] = []
  let released = false
  let onHeld = (): void => undefined
  const picture = (answer: ServerResponse, number: string): void => {
    answer.writeHead(200, { 'content-type': 'image/jpeg' })
    // A comment behind the end of the image makes every file another one.
    answer.end(Buffer.concat([bytes.subarray(0, 2), comment(number), bytes.subarray(2)]))
  }
  const server = createServer((request, answer) => {
    const url = request.url ?? '/'
    const number = /^\/(?:n|held)\/(\d{1,6})\.jpg(?:\?|$)/.exec(url)?.[1]
    if (number !== undefined && url.startsWith('/held/') && !released) {
      waiting.push(() => picture(answer, number))
      onHeld()
    } else if (number !== undefined && !number.endsWith('7')) picture(answer, number)
    else if (url === '/empty') answer.writeHead(200, { 'content-type': 'text/html' }).end('<title>Nothing</title>')
    else answer.writeHead(404).end('no such thing')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    release: () => {
      released = true
      for (const answer of waiting.splice(0)) answer()
    },
    held: (count) =>
      new Promise((done) => {
        onHeld = () => {
          if (waiting.length >= count) done()
        }
        onHeld()
      }),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A JPEG comment segment. */
function comment(value: string): Buffer {
  const data = Buffer.from(value)
  return Buffer.concat([Buffer.from([0xff, 0xfe, 0, data.length + 2]), data])
}

/** Lines of NDJSON; throws at the first that is none. */
export function jsonLines(output: string): readonly Record<string, unknown>[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
