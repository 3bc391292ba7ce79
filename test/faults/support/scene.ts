import { cpSync } from 'node:fs'
import { afterEach, vi } from 'vitest'
import { sha256 } from '../../engine/pictures.ts'
import { Library } from '../../engine/library.ts'
import { Site } from '../../engine/site.ts'
import { run } from '../../e2e/program.ts'
import type { Finished, StartOptions } from '../../e2e/program.ts'
import { check } from './checker.ts'
import type { Expectation } from './checker.ts'

/** A scenario is several runs of the program, and machines are busy. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const closing: (() => Promise<unknown> | void)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** Closed at the end of the test, in reverse order. */
export function closeAfter(close: () => Promise<unknown> | void): void {
  closing.push(close)
}

/** One scenario: a site whose pictures are known, a library, the real program, and the checker at the end. */
export class Scene {
  readonly site: Site
  readonly library = new Library()
  /** As in `Expectation`. */
  readonly held: Map<string, string>

  private constructor(site: Site, held = new Map<string, string>()) {
    this.site = site
    this.held = held
  }

  /** For one test: closed at its end. */
  static async open(): Promise<Scene> {
    const scene = await Scene.lasting()
    closeAfter(() => scene.close())
    return scene
  }

  /** For several tests, which close it themselves. */
  static async lasting(): Promise<Scene> {
    return new Scene(await Site.open())
  }

  /** For one test: the same site, with a copy of the library as it stands. */
  copy(): Scene {
    const scene = new Scene(this.site, this.held)
    cpSync(this.library.root, scene.library.root, { recursive: true })
    closeAfter(() => scene.library.remove())
    return scene
  }

  async close(): Promise<void> {
    this.library.remove()
    await this.site.close()
  }

  /** Notes what a path holds, whatever the server makes of it on the way; comes back with the bytes. */
  hold(path: string, bytes: Buffer): Buffer {
    this.held.set(path, sha256(bytes))
    return bytes
  }

  /** Runs `bowerbird ARGS --to LIBRARY`. */
  run(args: readonly string[], options?: StartOptions): Promise<Finished> {
    return run([...args, '--to', this.library.root], options)
  }

  /** What the independent checker finds wrong with the library. */
  check(expectation: Omit<Expectation, 'held'> = {}): Promise<readonly string[]> {
    return check(this.library.root, { held: this.held, ...expectation })
  }
}
