import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { makeCertificates } from './certificates.ts'
import { listen } from './listener.ts'
import type { Listener } from './listener.ts'
import { makeMedia } from './media.ts'
import { MishapTable } from './mishaps.ts'
import type { Misbehaviour, Mishap } from './mishaps.ts'
import { answerFile } from './ranges.ts'
import type { Answer, Handler, Replica, Request } from './replica.ts'
import { hostMatches } from './router.ts'
import { send } from './send.ts'
import type { Incoming, Line, Reply } from './send.ts'
import { setTimeout as wait } from 'node:timers/promises'

export interface StartOptions {
  /** Milliseconds before every answer; default 0. */
  readonly latency?: number
  /** `false`: HTTP/1.1 only; needed for `raw` mishaps. Default `true`. */
  readonly http2?: boolean
  /** How much there is, for benchmarks; default 1. */
  readonly scale?: number
  readonly mishaps?: readonly Mishap[]
}

/** One request that was answered, for assertions. */
export interface LoggedRequest {
  readonly replica: string
  readonly method: string
  /** Whole, with the host that was asked for. */
  readonly url: string
  readonly host: string
  readonly path: string
  readonly headers: Request['headers']
  readonly http: string
  readonly status: number
  /** Bytes of the body that were sent. */
  readonly bytes: number
  /** Milliseconds of `performance.now()`. */
  readonly started: number
  readonly ended: number
  /** What went wrong on purpose. */
  readonly mishap?: Misbehaviour['kind']
}

export interface RunningReplicas {
  readonly replicas: readonly Replica[]
  readonly port: number
  /** The certificate authority: PEM, and a file of it for `--cacert`. */
  readonly ca: string
  readonly caFile: string
  /** For `--connect-to`: every host and port leads here. */
  readonly connectTo: string
  /** In the order in which they were answered. */
  readonly requests: readonly LoggedRequest[]
  /** Adds mishaps to those that are there. */
  mishap(...mishaps: readonly Mishap[]): void
  /** Forgets all mishaps and the log. */
  reset(): void
  close(): Promise<void>
}

interface Site {
  readonly replica: Replica
  readonly handle: Handler
}

const FOLDER = new URL('../', import.meta.url)
const EXTENSION = extname(fileURLToPath(import.meta.url))

/** Names of all replicas: the files beside this folder. */
export async function replicaNames(): Promise<readonly string[]> {
  const files = await readdir(FOLDER)
  return files
    .filter((file) => extname(file) === EXTENSION && !file.includes('.test.') && !file.endsWith('.d.ts'))
    .map((file) => basename(file, EXTENSION))
    .toSorted()
}

export async function loadReplicas(names: readonly string[]): Promise<readonly Replica[]> {
  return Promise.all(
    names.map(async (name) => {
      const module = (await import(new URL(name + EXTENSION, FOLDER).href)) as { readonly replica: Replica }
      return module.replica
    }),
  )
}

/** Starts replicas on one loopback port: by name, or ones made for a test. */
export async function startReplicas(
  which: readonly (string | Replica)[],
  options: StartOptions = {},
): Promise<RunningReplicas> {
  const loaded = await loadReplicas(which.filter((entry) => typeof entry === 'string'))
  const replicas = [...loaded, ...which.filter((entry) => typeof entry !== 'string')]
  const sites = await Promise.all(
    replicas.map(async (replica) => ({ replica, handle: await replica.make({ scale: options.scale ?? 1 }) })),
  )
  const certificates = await makeCertificates([...new Set(replicas.flatMap(({ hosts }) => hosts))])
  const requests: LoggedRequest[] = []
  const table = new MishapTable()
  table.add(options.mishaps ?? [])
  const listener = await listen(certificates, options.http2 ?? true, (request, line, scheme) => {
    serve({ sites, requests, table, latency: options.latency ?? 0 }, request, line, scheme).catch((error: unknown) => {
      process.emitWarning(`replica: ${String(error)}`)
      line.socket.destroy()
    })
  })
  const caFolder = await mkdtemp(join(tmpdir(), 'bowerbird-replicas-'))
  await writeFile(join(caFolder, 'ca.pem'), certificates.ca)
  return {
    replicas,
    requests,
    port: listener.port,
    ca: certificates.ca,
    caFile: join(caFolder, 'ca.pem'),
    connectTo: `::127.0.0.1:${listener.port}`,
    mishap: (...mishaps) => {
      table.add(mishaps)
    },
    reset: () => {
      table.clear()
      requests.length = 0
    },
    close: () => closeAll(listener, caFolder),
  }
}

async function closeAll(listener: Listener, caFolder: string): Promise<void> {
  await listener.close()
  await rm(caFolder, { recursive: true, force: true })
}

interface Service {
  readonly sites: readonly Site[]
  readonly requests: LoggedRequest[]
  readonly table: MishapTable
  readonly latency: number
}

async function serve(service: Service, incoming: Incoming, line: Line, scheme: 'http' | 'https'): Promise<void> {
  const started = performance.now()
  const request = await readRequest(incoming, scheme)
  const site = service.sites.find(({ replica }) =>
    replica.hosts.some((host) => hostMatches(host, request.url.hostname)),
  )
  if (service.latency > 0) await wait(service.latency)
  const wrong = service.table.take(request.url)
  const reply =
    wrong?.kind === 'answer'
      ? { ...wrong, headers: wrong.headers ?? {}, body: toBytes(wrong.body ?? ''), headOnly: request.method === 'HEAD' }
      : await answer(site, request)
  const bytes = await send(line, reply, wrong)
  service.requests.push({
    replica: site?.replica.name ?? '',
    method: request.method,
    url: request.url.href,
    host: request.url.hostname,
    path: request.url.pathname + request.url.search,
    headers: request.headers,
    http: incoming.httpVersion,
    status: reply.status,
    bytes,
    started,
    ended: performance.now(),
    ...(wrong === undefined ? {} : { mishap: wrong.kind }),
  })
}

async function readRequest(incoming: Incoming, scheme: 'http' | 'https'): Promise<Request> {
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  const authority = headers[':authority'] ?? headers['host'] ?? 'localhost'
  // Port 80 or 443 drops out; a client that connects without --connect-to shows the port.
  const url = new URL(incoming.url ?? '/', `${scheme}://${authority}`)
  const method = incoming.method ?? 'GET'
  const body = method === 'GET' || method === 'HEAD' ? new Uint8Array() : await buffer(incoming)
  return { method, url, headers, body, params: {} }
}

async function answer(site: Site | undefined, request: Request): Promise<Reply> {
  const given: Answer = (await site?.handle(request)) ?? {
    status: site === undefined ? 421 : 404,
    body: `no replica answers ${request.url.href}\n`,
  }
  const headOnly = request.method === 'HEAD'
  const { status = 200, headers = {} } = given
  if (given.file === undefined) return { status, headers, body: toBytes(given.body ?? ''), headOnly }
  const file = await makeMedia(given.file)
  if (status !== 200) return { status, headers: { 'content-type': file.mime, ...headers }, body: file.bytes, headOnly }
  const ranged = answerFile(request, file)
  return { status: ranged.status, headers: { ...ranged.headers, ...headers }, body: ranged.body, headOnly }
}

function toBytes(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : body
}
