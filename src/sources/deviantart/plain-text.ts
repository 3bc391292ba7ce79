/** Longer descriptions are cut: they are for looking up, not for keeping. */
const MOST_CHARACTERS = 2000

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'" }

/** A description without its markup: tags become blanks, the common entities what they stand for. */
export function plainText(markup: string): string {
  return markup
    .slice(0, MOST_CHARACTERS * 4)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, entity)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_CHARACTERS)
}

function entity(found: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  if (Number.isInteger(point)) return point <= 0x10ffff ? String.fromCodePoint(point) : found
  return ENTITIES[name ?? ''] ?? found
}
