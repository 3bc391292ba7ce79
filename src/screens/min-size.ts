import type { Screen, ScreenedFile, Verdict } from '../core/screen.ts'
import type { ScreenDefinition } from './definition.ts'
import { argumentOf, badArgument } from './definition.ts'

export const minSize: ScreenDefinition = {
  name: 'min-size',
  usage: 'min-size=WxH',
  example: 'min-size=800x600',
  about:
    'Rejects pictures and films that are narrower than W or lower than H pixels, as they are stored (a turn noted in ' +
    'EXIF is not applied). A picture whose size cannot be read is rejected; films, sounds and archives without a ' +
    'known size are kept.',
  make(rest) {
    const match = /^(\d{1,7})\s*[x×]\s*(\d{1,7})$/i.exec(argumentOf(rest) ?? '')
    if (match === null) throw badArgument(minSize, rest)
    return new MinSize(Number(match[1]), Number(match[2]))
  },
}

class MinSize implements Screen {
  readonly name = minSize.name
  readonly #width: number
  readonly #height: number

  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
  }

  judge({ kind, width, height }: ScreenedFile): Promise<Verdict> {
    return Promise.resolve(this.#verdict(kind, width, height))
  }

  #verdict(kind: string, width: number | undefined, height: number | undefined): Verdict {
    if (width === undefined || height === undefined) {
      return kind === 'image' ? { keep: false, reason: 'its size cannot be read' } : { keep: true }
    }
    if (width >= this.#width && height >= this.#height) return { keep: true }
    return { keep: false, reason: `${width}x${height} is smaller than ${this.#width}x${this.#height}` }
  }
}
