import type { Fields } from '../expr/fields.ts'
import type { Where } from '../expr/where.ts'

/**
 * What `--where` asks for of the fields that only a source has. Nobody knows them beforehand, so a slip of the finger
 * (`meta.scroe`) leaves every item out: one that no item of a listing has is told.
 */
export class AskedFields {
  readonly #missing = new Set<string>()
  readonly #seen = new Set<string>()

  /** Looks at the fields of an item on their way to the condition. */
  seen(where: Where | undefined, fields: Fields): Fields {
    for (const name of where?.asks ?? []) this.#look(name, fields)
    return fields
  }

  /** Names below `meta` that no item had so far; none where there was no item. */
  get missing(): readonly string[] {
    return [...this.#missing]
  }

  #look(name: string, { meta }: Fields): void {
    if (this.#seen.has(name)) return
    if (typeof meta === 'object' && meta !== null && Object.hasOwn(meta, name)) {
      this.#seen.add(name)
      this.#missing.delete(name)
    } else this.#missing.add(name)
  }
}
