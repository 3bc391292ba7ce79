import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import type { Layer } from '../outgoing.ts'
import { SharedFlow } from './shared-flow.ts'

/** How finely the rate is dealt out. */
const TICK_MS = 50

/** Bytes per second of all bodies together: bodies pause while the account is overdrawn. */
class Account {
  readonly #bytesPerTick: number
  readonly #paused = new Set<Throttled>()
  #balance: number
  #timer: NodeJS.Timeout | undefined

  constructor(bytesPerSecond: number) {
    this.#bytesPerTick = (bytesPerSecond * TICK_MS) / 1000
    this.#balance = this.#bytesPerTick
  }

  /** Draws; an overdrawn account pauses the one who drew, until it is covered again. */
  draw(bytes: number, who: Throttled): void {
    this.#balance -= bytes
    if (this.#balance >= 0) return
    this.#paused.add(who)
    who.flow?.hold()
    this.#timer ??= setInterval(() => this.#deposit(), TICK_MS)
  }

  leave(who: Throttled): void {
    this.#paused.delete(who)
  }

  #deposit(): void {
    this.#balance = Math.min(this.#bytesPerTick, this.#balance + this.#bytesPerTick)
    if (this.#balance < 0) return
    for (const who of [...this.#paused]) {
      this.#paused.delete(who)
      who.flow?.letGo()
    }
    // Whoever goes on may overdraw the account again at once, and then waits for the next deposit.
    if (this.#paused.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

class Throttled implements Receiver {
  readonly #receiver: Receiver
  readonly #account: Account
  flow: SharedFlow | undefined

  constructor(receiver: Receiver, account: Account) {
    this.#receiver = receiver
    this.#account = account
  }

  start(head: ResponseHead, flow: Flow): void {
    this.flow = new SharedFlow(flow)
    this.#receiver.start(head, this.flow)
  }

  data(chunk: Uint8Array): void {
    this.#account.draw(chunk.length, this)
    this.#receiver.data(chunk)
  }
}

/** `--limit-rate`: composed only where it is set. */
export function throttling(bytesPerSecond: number): Layer {
  const account = new Account(bytesPerSecond)
  return (next) => async (request, receiver) => {
    const throttled = new Throttled(receiver, account)
    try {
      return await next(request, throttled)
    } finally {
      account.leave(throttled)
    }
  }
}
