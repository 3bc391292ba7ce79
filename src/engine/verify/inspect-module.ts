/** Where `inspect` lies, for a thread that loads it by its place: as source or as built. */
export const INSPECT_MODULE = new URL(
  import.meta.url.endsWith('.ts') ? './inspect.ts' : './inspect.js',
  import.meta.url,
)
