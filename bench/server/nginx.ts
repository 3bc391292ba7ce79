import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { writeShelf, type Shelf } from '../corpus/shelf.ts'
import { processes } from '../measure/processes.ts'
import { onPath, type Workplace } from '../workplace.ts'
import type { Demand, Server } from './server.ts'

const STATUS = '/nginx-status'
/** Milliseconds for it to come up. */
const PATIENCE = 10_000

const run = promisify(execFile)

/** An nginx that was found, and what it can do. */
export interface Nginx {
  readonly program: string
  /** Where the module lies with which it can wait before an answer. */
  readonly echo?: string
}

export async function findNginx(): Promise<Nginx | undefined> {
  const program = await onPath('nginx')
  if (program === undefined) return undefined
  const { stderr } = await run(program, ['-V'])
  const folder = /--modules-path=(\S+)/.exec(stderr)?.[1]
  const echo = folder === undefined ? undefined : join(folder, 'ngx_http_echo_module.so')
  return { program, ...(echo !== undefined && existsSync(echo) && { echo }) }
}

/** nginx with the shelf's files on the disk, two workers and nothing that only costs time. */
export async function startNginx(
  { program, echo }: Nginx,
  demand: Demand,
  shelf: Shelf,
  workplace: Workplace,
): Promise<Server> {
  const waiting = demand.latency === undefined ? undefined : { module: echo, milliseconds: demand.latency }
  const folder = join(workplace.folder, 'nginx')
  await mkdir(folder, { recursive: true })
  await writeShelf(shelf, demand.items, join(folder, 'www', shelf.name), (number) => `${number}.${shelf.extension}`)
  const port = await freePort()
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, waiting))
  const child = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  workplace.adopt(child)
  const origin = `http://127.0.0.1:${port}`
  await answers(`${origin}${STATUS}`)
  let asked = 0
  return {
    name: `${await version(program)}${waiting === undefined ? '' : ' with echo'}`,
    origin,
    pids: () => processes().flatMap((each) => (each.pid === child.pid || each.parent === child.pid ? [each.pid] : [])),
    requests: async () => {
      const page = await (await fetch(`${origin}${STATUS}`)).text()
      asked += 1
      // "accepts handled requests", then the three numbers; the first request was the one that found it running.
      return Number(/^ \d+ \d+ (\d+)/m.exec(page)?.[1]) - asked - 1
    },
    close: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port of 127.0.0.1 that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function version(program: string): Promise<string> {
  const { stderr } = await run(program, ['-v'])
  return `nginx ${/nginx\/(\S+)/.exec(stderr)?.[1] ?? ''}`.trim()
}

async function answers(url: string): Promise<void> {
  const until = performance.now() + PATIENCE
  for (;;) {
    try {
      await (await fetch(url)).text()
      return
    } catch (thrown) {
      if (performance.now() > until) throw new Error('nginx does not come up', { cause: thrown })
      await pause(20)
    }
  }
}

/** Milliseconds before the file itself is sent, by the module that was loaded. */
interface Waiting {
  readonly module: string | undefined
  readonly milliseconds: number
}

/** As root its workers would otherwise run as somebody who cannot read the files. */
function configuration(folder: string, port: number, waiting: Waiting | undefined): string {
  const { uid, username } = userInfo()
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `${uid === 0 ? `user ${username};\n` : ''}daemon off;
${waiting?.module === undefined ? '' : `load_module ${waiting.module};\n`}worker_processes 2;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
events { worker_connections 1024; }
http {
  access_log off;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  etag on;
  keepalive_requests 1000000;
  types { image/jpeg jpg; video/mp4 mp4; }
  ${scratch.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=1024;
    root ${folder}/www;
    location = ${STATUS} { stub_status; }
    ${waiting === undefined ? '' : wait(waiting)}
  }
}
`
}

function wait({ milliseconds }: Waiting): string {
  return `location / { echo_sleep ${milliseconds / 1000}; echo_exec @file; } location @file { }`
}
