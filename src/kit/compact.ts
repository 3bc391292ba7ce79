type Present<T> = { [Name in keyof T]?: Exclude<T[Name], null | undefined> }

/** Leaves out what is null, undefined or an empty text or list: sites say "nothing" in each of these ways. */
export function compact<T extends object>(fields: T): Present<T> {
  const kept = Object.entries(fields).filter(([, value]) => !isNothing(value))
  return Object.fromEntries(kept) as Present<T>
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
