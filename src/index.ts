/**
 * The library: what the command line is made of. `loadSettings` checks what was said, `openApp` opens a library, its
 * methods collect into it, and every step is told as an `Event`.
 */
export { openApp } from './app/app.ts'
export type { App, AppOptions } from './app/app.ts'
export { explainTarget } from './app/explain.ts'
export { sourceFields, sourceSchemas } from './app/schemas.ts'
export { loadSettings } from './config/load.ts'
export type { Flags, Settings } from './config/settings.ts'
export { Fault, FAULT_KINDS } from './core/errors.ts'
export type { EndEvent, Event } from './core/events.ts'
export type { Asset, Candidate, Finding, Route, Source, Strategy } from './core/source.ts'
