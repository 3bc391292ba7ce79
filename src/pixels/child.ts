import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DecodeReply, DecodeRequest } from './messages.ts'

/** JavaScript's share of the memory, megabytes: the pixels are not in it. */
const SCRIPT_MEGABYTES = 128

/** How a request ended that got no reply. */
export interface Killed {
  readonly state: 'killed'
  /** It ran out of time; otherwise the process died by itself or by somebody's hand. */
  readonly overrun: boolean
  readonly why: string
}

/** One decoding process and the one request it has. Started with the first request; never used again once it died. */
export class DecoderChild {
  readonly #process: ChildProcess
  #finish: ((reply: DecodeReply | Killed) => void) | undefined
  #dead: Killed | undefined

  constructor() {
    this.#process = fork(script(), [], {
      execArgv: [`--max-old-space-size=${SCRIPT_MEGABYTES}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#process.on('message', (reply: DecodeReply) => this.#settle(reply))
    this.#process.on('error', (error) => this.#die(`the decoder could not be started (${error.message})`))
    this.#process.on('exit', (code, signal) => this.#die(`the decoder was killed (${signal ?? `status ${code}`})`))
    this.#release()
  }

  get alive(): boolean {
    return this.#dead === undefined
  }

  /** One at a time. Never rejects. */
  async ask(request: DecodeRequest, seconds: number): Promise<DecodeReply | Killed> {
    if (this.#dead !== undefined) return this.#dead
    this.#hold()
    const timer = setTimeout(() => this.#overrun(seconds), seconds * 1000)
    const reply = await new Promise<DecodeReply | Killed>((resolve) => {
      this.#finish = resolve
      this.#process.send(request, (error) => {
        if (error !== null) this.#die(`the decoder was killed (${error.message})`)
      })
    })
    clearTimeout(timer)
    this.#release()
    return reply
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#process
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    const gone = new Promise<void>((resolve) => {
      this.#process.once('exit', () => resolve())
    })
    this.#process.ref()
    this.#process.kill('SIGKILL')
    await gone
  }

  #settle(reply: DecodeReply): void {
    if (reply.state === 'too-much') this.#dead ??= { state: 'killed', overrun: true, why: reply.why }
    this.#finish?.(reply)
    this.#finish = undefined
  }

  #overrun(seconds: number): void {
    this.#dead ??= { state: 'killed', overrun: true, why: `it takes more than ${seconds} s to decode` }
    this.#process.kill('SIGKILL')
    this.#finish?.(this.#dead)
    this.#finish = undefined
  }

  #die(why: string): void {
    this.#dead ??= { state: 'killed', overrun: false, why }
    this.#finish?.(this.#dead)
    this.#finish = undefined
  }

  /** A process that waits for work keeps nobody from ending. */
  #release(): void {
    this.#process.unref()
    this.#process.channel?.unref()
  }

  #hold(): void {
    this.#process.ref()
    this.#process.channel?.ref()
  }
}

/** The program beside this module, as source or as built. */
function script(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`./decoder-process.${extension}`, import.meta.url))
}
