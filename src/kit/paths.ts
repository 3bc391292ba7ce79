/** The parts of a path, decoded, none empty. */
export function pathParts(path: string): readonly string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
}

/** A part as it is meant; one that is escaped wrongly stays as it is written. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
