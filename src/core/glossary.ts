/**
 * The words of the program. Every folder uses these nouns: code, help, documentation and catalog alike.
 *
 * - **target**: what the user names: a URL, a short form (`imgur:r/funny`), a URL template, a file of any of these.
 * - **source**: the module for one web site or protocol; it recognises targets and describes what is there.
 * - **route**: one kind of page in a source (gallery, album, search), with a pattern and an example.
 * - **ref**: one unit of exploring: source, route, params, cursor. Plain JSON, so it can wait in a database.
 * - **finding**: what a route yields: an asset, another ref, a foreign URL, or a note that something is unavailable.
 * - **asset**: one thing to collect: a stable key, candidate URLs best first, metadata, how to get a fresh URL.
 * - **candidate**: one URL of an asset, with its quality, headers, and expiry if known.
 * - **run**: one invocation's work, recorded. **visit**: one pass over a target; an interrupted visit is continued.
 * - **library**: the place collected into, with its **catalog**, the database of refs, assets and files.
 * - **screen**: a check on the bytes of a fetched file that may reject it.
 * - **scope**: what shares one budget of requests: a host, or an API that several hosts make up.
 *
 * States of an asset, durable, and all the moves there are:
 *
 *     listed ─→ fetching ─→ stored | rejected | missing | failed
 *     fetching ─→ listed   the process died
 *     stored ─→ listed     verify found it gone or changed; --overwrite
 *     failed ─→ listed     retry, and any get or update of its target
 *     missing ─→ listed    update;   rejected ─→ listed   retry --rejected
 *
 * A ref is `waiting → exploring → explored | failed`. `known` and `excluded` are outcomes of one run, never states.
 */
export type AssetState = 'listed' | 'fetching' | 'stored' | 'rejected' | 'missing' | 'failed'

export type RefState = 'waiting' | 'exploring' | 'explored' | 'failed'

/** What becomes of an asset in one run: the counts of the summary and of the `end` event. */
export type Outcome = 'stored' | 'known' | 'excluded' | 'rejected' | 'missing' | 'failed'

/** The broad kind of a file, as `--where` and templates see it. */
export type Kind = 'image' | 'video' | 'audio' | 'archive' | 'other'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export type JsonObject = { readonly [name: string]: Json }
