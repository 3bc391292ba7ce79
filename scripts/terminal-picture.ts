/**
 * Writes docs/images/*.svg: what the program shows in a terminal, from a real run. Replicas stand in for the sites; tmux
 * is the terminal, and tells what stands on its screen. Needs tmux.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Replica } from '../replicas/harness/replica.ts'
import { startReplicas } from '../replicas/harness/start.ts'
import { shellWord } from '../src/cli/output/format.ts'
import { svgOf } from './terminal-svg.ts'

const COLUMNS = 92
const ROWS = 24
const ROOT = resolve(import.meta.dirname, '..')
const TARGETS = ['https://scans.example/{0001..1200}.jpg', 'https://plates.example/[1-800].jpg']

const run = promisify(execFile)

class Terminal {
  readonly #socket: string

  private constructor(socket: string) {
    this.#socket = socket
  }

  static async open(socket: string, folder: string): Promise<Terminal> {
    const terminal = new Terminal(socket)
    const size = ['-x', String(COLUMNS), '-y', String(ROWS)]
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, '-c', folder, 'env', 'PS1=$ ', 'sh')
    await terminal.#tmux('set', '-g', 'status', 'off')
    return terminal
  }

  /** Types a command whose real words are longer than what the picture shows of it. */
  async define(name: string, command: string): Promise<void> {
    await this.#tmux('send-keys', `${name}() { ${command} "$@"; }; clear`, 'Enter')
    await wait(500)
  }

  async type(line: string): Promise<void> {
    await this.#tmux('send-keys', '-l', line)
    await this.#tmux('send-keys', 'Enter')
  }

  async screen(): Promise<string> {
    return (await this.#tmux('capture-pane', '-p', '-e')).trimEnd()
  }

  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const screen = await this.screen()
      if (pattern.test(screen)) return screen
      await wait(50)
    }
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server')
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const env = { ...process.env, LANG: 'C.UTF-8', TERM: 'screen-256color' }
    return (await run('tmux', ['-L', this.#socket, ...args], { env })).stdout
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-picture-'))
  const replicas = await startReplicas([SITE], {
    latency: 150,
    mishaps: [
      { on: 'plates.example/*', after: 150, times: 1, does: TOO_MANY },
      { on: 'scans.example/0311.jpg', does: { kind: 'answer', status: 403 } },
    ],
  })
  const terminal = await Terminal.open('bowerbird-picture', folder)
  try {
    const network = `--connect-to ${replicas.connectTo} --cacert ${shellWord(replicas.caFile)} --rate 100`
    const program = shellWord(join(ROOT, 'src/cli/main.ts'))
    await terminal.define('bowerbird', `${shellWord(process.execPath)} ${program} get ${network}`)
    await terminal.type(`bowerbird ${TARGETS.map(shellWord).join(' ')}`)
    await terminal.until(/waits/)
    await wait(3000)
    const live = await terminal.screen()
    const summary = await terminal.until(/Done in/)
    await mkdir(join(ROOT, 'docs/images'), { recursive: true })
    await writeFile(join(ROOT, 'docs/images/live.svg'), svgOf(live, COLUMNS, 'The live view of a run'))
    await writeFile(join(ROOT, 'docs/images/summary.svg'), svgOf(summary, COLUMNS, 'The summary of a run'))
  } finally {
    await terminal.close()
    await replicas.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A site of numbered pictures; some numbers do not exist. */
const SITE: Replica = {
  name: 'numbered',
  hosts: ['scans.example', 'plates.example'],
  make:
    () =>
    ({ url }) => {
      const number = Number(/\d+/.exec(url.pathname)?.[0])
      if (number % 90 === 17) return { status: 404 }
      return { file: { format: 'jpeg', width: 480, height: 360, seed: number % 40, grain: 1 } }
    },
  targets: [],
}

/** What a site says that is asked too much. */
const TOO_MANY = { kind: 'answer', status: 429, headers: { 'retry-after': '8' }, body: 'slow down' } as const

await main()
