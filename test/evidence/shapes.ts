/** Types by place: `$.data[].id` → `string`. Entries of a list are one place. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>

export function shapeOf(...values: readonly unknown[]): Shape {
  const places = new Map<string, Set<string>>()
  const visit = (value: unknown, place: string): void => {
    const types = places.get(place) ?? new Set()
    places.set(place, types.add(typeOf(value)))
    if (Array.isArray(value)) for (const entry of value) visit(entry, `${place}[]`)
    else if (typeof value === 'object' && value !== null) {
      for (const [name, entry] of Object.entries(value)) visit(entry, `${place}.${name}`)
    }
  }
  for (const value of values) visit(value, '$')
  return places
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}

/**
 * Where an answer has fields or types that no recorded one has. `beyond` lists places (and all below them) that are
 * known from elsewhere.
 */
export function differences(answer: unknown, recorded: Shape, beyond: readonly string[] = []): readonly string[] {
  return [...shapeOf(answer)].flatMap(([place, types]) => {
    if (beyond.some((known) => place === known || place.startsWith(`${known}.`) || place.startsWith(`${known}[`)))
      return []
    const known = recorded.get(place)
    if (known === undefined) return [`${place} is in no recorded answer`]
    const other = [...types].filter((type) => !known.has(type))
    return other.length === 0 ? [] : [`${place} is ${other.join(', ')}, recorded as ${[...known].join(', ')}`]
  })
}
