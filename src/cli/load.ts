import type { Command } from './call.ts'

/** The modules of the commands: each is loaded when it is called, so that help loads none. */
const MODULES: Readonly<Record<string, () => Promise<Command>>> = {
  get: async () => (await import('./commands/get.ts')).get,
  search: async () => (await import('./commands/search.ts')).search,
  follow: async () => (await import('./commands/follow.ts')).follow,
  unfollow: async () => (await import('./commands/unfollow.ts')).unfollow,
  follows: async () => (await import('./commands/follows.ts')).follows,
  update: async () => (await import('./commands/update.ts')).update,
  import: async () => (await import('./commands/import.ts')).importFile,
  explain: async () => (await import('./commands/explain.ts')).explain,
  resume: async () => (await import('./commands/resume.ts')).resume,
  retry: async () => (await import('./commands/retry.ts')).retry,
  find: async () => (await import('./commands/find.ts')).find,
  show: async () => (await import('./commands/show.ts')).show,
  verify: async () => (await import('./commands/verify.ts')).verify,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  sources: async () => (await import('./commands/sources.ts')).sources,
  demo: async () => (await import('./commands/demo.ts')).demo,
  config: async () => (await import('./commands/config.ts')).config,
  completion: async () => (await import('./commands/completion.ts')).completion,
}

export async function loadCommand(name: string): Promise<Command> {
  const load = MODULES[name]
  if (load === undefined) throw new Error(`the command ${name} has no module`)
  return load()
}
