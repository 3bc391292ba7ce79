import type { Flow, Receiver, ResponseHead } from '../../core/http.ts'
import type { Layer } from '../outgoing.ts'

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
    who.hold(true)
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
      who.hold(false)
    }
    // Whoever goes on may overdraw the account again at once, and then waits for the next deposit.
    if (this.#paused.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

/** A receiver whose flow has two masters: the account, and the receiver itself. It runs when neither holds it. */
class Throttled implements Receiver, Flow {
  readonly #receiver: Receiver
  readonly #account: Account
  #flow: Flow | undefined
  #heldByAccount = false
  #heldByReceiver = false

  constructor(receiver: Receiver, account: Account) {
    this.#receiver = receiver
    this.#account = account
  }

  start(head: ResponseHead, flow: Flow): void {
    this.#flow = flow
    this.#receiver.start(head, this)
  }

  data(chunk: Uint8Array): void {
    this.#account.draw(chunk.length, this)
    this.#receiver.data(chunk)
  }

  pause(): void {
    this.#heldByReceiver = true
    this.#flow?.pause()
  }

  resume(): void {
    this.#heldByReceiver = false
    if (!this.#heldByAccount) this.#flow?.resume()
  }

  hold(held: boolean): void {
    this.#heldByAccount = held
    if (held) this.#flow?.pause()
    else if (!this.#heldByReceiver) this.#flow?.resume()
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
