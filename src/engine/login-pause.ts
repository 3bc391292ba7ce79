/** So many items of a host that all meet its login, and none that is served meanwhile: the login has ended. */
const LEAST_ITEMS = 3
/** How long fewer of them wait for others to tell: it may be that they alone are not for this login. */
const DOUBT_MS = 5_000

/**
 * How the wait of an item that met a login came out: there is a `new` login, and it is tried again; nobody logged in
 * (`over`); the item `alone` is refused, as far as this run can tell.
 */
export type LoginWait = 'new' | 'over' | 'alone'

/** The login that the user brought, where it may be brought anew while the run goes on. */
export interface Login {
  /** It goes with a request for this URL. */
  isFor(url: string): boolean
  /** Waits until the user has logged in again; `false`: that did not come, or the run ends. */
  renewed(host: string, signal: AbortSignal): Promise<boolean>
}

/**
 * The login of a host that ends while the run goes on. Items that meet the login wait here; once it is clear that it is not
 * they alone, the host pauses, and one question goes to the user. Other hosts are not concerned.
 */
export class LoginPause {
  readonly #host: string
  readonly #least: number
  readonly #login: Login
  readonly #closing: AbortSignal
  /** The waiting that is going on. */
  #episode: { readonly settled: Promise<LoginWait>; readonly settle: (wait: LoginWait) => void } | undefined
  /** The host's turn when it began. */
  #since = 0
  #waiting = 0
  #pausing = false

  /** `room`: how many items of the host may wait at once. */
  constructor(host: string, room: number, login: Login, closing: AbortSignal) {
    this.#host = host
    this.#least = Math.min(LEAST_ITEMS, room)
    this.#login = login
    this.#closing = closing
  }

  /** The login goes with a request for this URL. */
  isFor(url: string): boolean {
    return this.#login.isFor(url)
  }

  /** Nothing of the host is begun meanwhile. */
  get pausing(): boolean {
    return this.#pausing
  }

  /** An item met the login, at a time when the host had had so many turns. */
  wait(turn: number): Promise<LoginWait> {
    if (this.#closing.aborted) return Promise.resolve('alone')
    if (this.#episode === undefined) this.#since = turn
    const { settled } = (this.#episode ??= this.#begin())
    this.#waiting += 1
    if (this.#waiting >= this.#least && !this.#pausing) {
      this.#pausing = true
      void this.#pause()
    }
    return settled
  }

  /** The host served an item that had begun in this turn: one that began before the wait tells nothing of the login. */
  served(turn: number): void {
    if (turn > this.#since) this.#doubted()
  }

  async #pause(): Promise<void> {
    const renewed = await this.#login.renewed(this.#host, this.#closing)
    const unanswered = this.#closing.aborted ? 'alone' : 'over'
    this.#settle(renewed ? 'new' : unanswered)
  }

  #doubted(): void {
    if (!this.#pausing) this.#settle('alone')
  }

  #begin(): { readonly settled: Promise<LoginWait>; readonly settle: (wait: LoginWait) => void } {
    const { promise: settled, resolve } = Promise.withResolvers<LoginWait>()
    const alone = (): void => this.#doubted()
    const timer = setTimeout(alone, DOUBT_MS)
    this.#closing.addEventListener('abort', alone)
    const settle = (wait: LoginWait): void => {
      clearTimeout(timer)
      this.#closing.removeEventListener('abort', alone)
      resolve(wait)
    }
    return { settled, settle }
  }

  #settle(wait: LoginWait): void {
    const episode = this.#episode
    this.#episode = undefined
    this.#waiting = 0
    this.#pausing = false
    episode?.settle(wait)
  }
}
