/** One page to open. */
export interface PageRequest {
  /** https alone. */
  readonly url: string
  /** Pictures are loaded as well. Without it they are refused: the page's data is enough for most sources. */
  readonly pictures?: boolean
  readonly signal?: AbortSignal
}

/** A page in a real browser, as far as sources need it. Every member rejects with a `Fault` once its time is over. */
export interface Page {
  /** Of the answer that the page was made from. */
  readonly status: number
  /** Where the page stands now, after redirects. */
  url(): string
  /** The document as it is now, its scripts included; 16 MiB at most. */
  html(): Promise<string>
  /** What the page's scripts have fetched from its own origin so far, as text. */
  answers(): Promise<readonly string[]>
  /** An attribute of every element that a CSS selector finds, in the order of the document. */
  attributes(selector: string, name: string): Promise<readonly (string | undefined)[]>
  /** Whether more than `over` elements (default 0) fit a selector, as soon as they do or `within` milliseconds are over. */
  waitFor(selector: string, options: { readonly over?: number; readonly within: number }): Promise<boolean>
  /** Scrolls to the end and waits until the page has grown (true) or its scripts have come to rest (false). */
  scroll(): Promise<boolean>
  /** Clicks the element at a position (from 0) among those that a selector finds; false where there is none to click. */
  click(selector: string, position?: number): Promise<boolean>
}

/**
 * A real browser, for pages that only scripts fill. It obeys the same settings as every request: proxy, connect-to,
 * certificates, user agent, cookies, private addresses, robots rules; the loading of a page, and each scroll and click,
 * waits for its host's budget like a request.
 */
export interface Browser {
  /** Opens a page, lets `use` work with it, and closes it whatever comes. The browser itself starts with the first one. */
  visit<T>(request: PageRequest, use: (page: Page) => Promise<T>): Promise<T>
}
