import { Fault } from '../core/errors.ts'
import type { Kind } from '../core/glossary.ts'
import type { Screen, ScreenedFile, Verdict } from '../core/screen.ts'
import { didYouMean } from '../core/suggest.ts'
import type { ScreenDefinition } from './definition.ts'
import { argumentOf, badArgument } from './definition.ts'

const KINDS: readonly Kind[] = ['image', 'video', 'audio', 'archive', 'other']
/** Extensions as the bytes give them, and what else they are called. */
const TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'jpg png gif webp avif heic heif jxl jp2 bmp tif svg psd ico mp4 m4v mov webm mkv avi 3gp flv wmv mp3 m4a wav flac ogg opus zip epub rar 7z tar gz pdf'
      .split(' ')
      .map((extension) => [extension, extension]),
  ),
  jpeg: 'jpg',
  tiff: 'tif',
}

export const type: ScreenDefinition = {
  name: 'type',
  usage: 'type=TYPE[,TYPE…]',
  example: 'type=jpeg,png',
  about:
    'Keeps files of these types alone, by their bytes and not by their names. A type is an extension (jpeg, png, gif, ' +
    'mp4, zip …) or a kind: image, video, audio, archive, other.',
  make(rest) {
    const names = (argumentOf(rest) ?? '').split(',').map((name) => name.trim().toLowerCase())
    if (names.includes('')) throw badArgument(type, rest)
    return new Type(names.map(typeNamed))
  },
}

function typeNamed(name: string): string {
  const known = KINDS.find((kind) => kind === name) ?? (Object.hasOwn(TYPES, name) ? TYPES[name] : undefined)
  if (known !== undefined) return known
  throw new Fault('Usage', `the screen type knows no type "${name}"`, {
    advice: didYouMean(name, [...KINDS, ...Object.keys(TYPES)]),
  })
}

class Type implements Screen {
  readonly name = type.name
  readonly #allowed: ReadonlySet<string>

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed)
  }

  judge({ extension, kind, mime }: ScreenedFile): Promise<Verdict> {
    const keep = this.#allowed.has(kind) || this.#allowed.has(extension)
    return Promise.resolve(keep ? { keep } : { keep, reason: `${mime} is not ${[...this.#allowed].join(' or ')}` })
  }
}
