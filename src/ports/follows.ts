import type { RefSpec } from '../core/source.ts'

/** A target that `update` visits again. */
export interface Follow {
  readonly id: number
  /** As the user wrote it, secrets included: not to be shown as it is. */
  readonly text: string
  /** `[]{}` in the text are themselves. */
  readonly literal: boolean
  /** The source that takes it. */
  readonly source: string
  /**
   * The page or file of the newest item that was collected before bowerbird knew the target: a URL. A listing ends
   * there, and what is older counts as seen.
   */
  readonly stop?: string
  /** Unix milliseconds. */
  readonly added: number
  /** When an update last visited it to the end; Unix milliseconds. */
  readonly updated?: number
}

export interface NewFollow {
  readonly text: string
  readonly literal: boolean
  /** What the text stands for: two texts of one root are one follow. */
  readonly root: RefSpec
  readonly stop?: string
}

/** What is followed. */
export interface Follows {
  /** One that is followed already stays as it is, except that a stop point given here replaces its own. */
  add(follow: NewFollow): Promise<'new' | 'changed' | 'known'>
  /** Its files and what is known of it stay. */
  remove(id: number): Promise<void>
  /** All, oldest first. */
  list(): Promise<readonly Follow[]>
  /** The one of this root. */
  find(root: RefSpec): Promise<Follow | undefined>
  /** An update has visited it to the end. `at`: Unix milliseconds. */
  visited(id: number, at: number): Promise<void>
}
