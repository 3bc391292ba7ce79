import type { Inspection } from '../../core/files.ts'

/**
 * All that a stored file may be called. The bytes decide which of them it is, never a name from outside: shortcuts
 * (`.url`, `.desktop`, `.lnk`, `.webloc`), programs, scripts and pages are not in the list and are never stored.
 */
const STORABLE: ReadonlySet<string> = new Set([
  ...words(
    'jpg png gif webp avif heic heif jxl jp2 j2c jpm jpx jls jxr bmp ico cur tif svg psd psb xcf flif bpg icns qoi',
  ),
  ...words('nef cr2 cr3 arw dng raf orf rw2 eps exr fits ktx dds'),
  ...words('mp4 m4v mov webm mkv avi mpg ps ts mts m2ts mj2 flv f4v asf wmv 3gp 3g2 ogv ogm ivf'),
  ...words(
    'mp3 mp2 mp1 m4a m4b f4a aac wav flac ogg oga opus spx aif aiff mid amr ape wv mpc ac3 dsf voc it s3m xm wma',
  ),
  ...words('zip cbz epub kra ora rar cbr 7z cb7 tar cbt gz bz2 xz zst lz lzh z'),
  ...words('pdf djvu swf blend ttf otf ttc woff woff2 glb mobi txt json xml'),
])

/** Other names that files of these types go by; taken where the URL uses one. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  zip: ['cbz', 'kra', 'ora'],
  rar: ['cbr'],
  '7z': ['cb7'],
  tar: ['cbt'],
}

/**
 * Names of artists' tools (brushes, patterns, swatches, drawings), whose bytes nobody recognises: taken from the URL,
 * without which no program would open them. None of them is run by an operating system.
 */
const TOOLS: ReadonlySet<string> = new Set(
  words('abr pat grd asl csh ase aco gbr gih kpp clip sai sai2 mdp procreate brush brushset swatches fla'),
)

/** Of bytes that nobody recognises. */
const UNRECOGNISED = 'bin'

/** The extension of a sound file, without the dot: by its bytes, refined by the URL where that names the same type. */
export function extensionFor(inspection: Pick<Inspection, 'extension'>, url: string): string {
  const { extension } = inspection
  const named = urlExtension(url)
  if (!STORABLE.has(extension)) return extension === '' && TOOLS.has(named) ? named : UNRECOGNISED
  const also = ALSO[extension]
  if (also === undefined) return extension
  return also.includes(named) ? named : extension
}

/** Whether files of this type are ever stored. Bytes that nobody recognises may be. */
export function isStorable(inspection: Pick<Inspection, 'extension'>): boolean {
  return inspection.extension === '' || STORABLE.has(inspection.extension)
}

/** The extension of a URL's last path part, lower case; empty where there is none. */
export function urlExtension(url: string): string {
  const path = URL.parse(url)?.pathname ?? ''
  return /[^/]\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? ''
}

function words(list: string): readonly string[] {
  return list.split(' ')
}
