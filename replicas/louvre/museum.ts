import type { Archive, Still } from '../harness/media.ts'

/** One photograph of a record. Records are made by hand after the documented properties: no whole one is recorded. */
export interface Photograph {
  /** Below `/media/cache/`, with `{size}` where the size stands: the server chooses `large` or `original`. */
  readonly path: string
  readonly id: string
  readonly media: Still
  readonly view: string
}

export interface MuseumRecord {
  readonly ark: string
  readonly title: string
  readonly photographs: readonly Photograph[]
  /** Drawings have other fields filled than antiquities. */
  readonly drawing: boolean
  readonly creator?: string
}

let seed = 500

function photograph(path: string, id: string, view: string): Photograph {
  seed += 1
  return {
    path,
    id,
    view,
    media: { format: 'jpeg', width: 240 + (seed % 5) * 30, height: 200 + (seed % 3) * 40, seed },
  }
}

/** All departments but drawings: the object's number is the ark's, the file's a number of its own. */
function object(
  number: number,
  title: string,
  files: readonly (readonly [file: number, view: string])[],
  creator?: string,
): MuseumRecord {
  const folder = `large/0000000021/${String(number % 10_000_000).padStart(10, '0')}`
  const photographs = files.map(([file, view]) => {
    const id = String(file).padStart(10, '0')
    return photograph(`${folder}/${id}_OG.JPG`, id, view)
  })
  return { ark: `cl0${number}`, title, photographs, drawing: false, ...(creator === undefined ? {} : { creator }) }
}

/** Drawings: folders of two digits, a position in the name. */
function drawing(number: number, title: string, views: readonly string[], creator?: string): MuseumRecord {
  const digits = String(number).slice(-6)
  const [first, second, third] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)]
  const photographs = views.map((view, position) => {
    const id = `AGO${digits}-${String(position).padStart(3, '0')}`
    return photograph(`original/${first}/${second}/${third}/00/${id}_PE.jpg`, id, view)
  })
  return { ark: `cl0${number}`, title, photographs, drawing: true, ...(creator === undefined ? {} : { creator }) }
}

export const RECORDS: readonly MuseumRecord[] = [
  object(10000006, "moule d'orfèvre ; boucle d'oreille", [[582320, '']]),
  object(10000007, 'figurine', [[582334, '']]),
  object(10000008, 'verrou', []),
  object(10000010, 'papyrus documentaire', [
    [157360, ''],
    [157361, 'détail'],
  ]),
  object(
    10062370,
    'Oiseau sur une branche',
    [
      [62001, ''],
      [62002, 'revers'],
      [62003, 'détail'],
    ],
    'Maître des Oiseaux',
  ),
  object(10277627, 'Statue drapée', [
    [625031, 'trois quarts'],
    [625032, 'détail'],
    [625130, 'détail'],
    [625132, 'détail'],
  ]),
  drawing(20009259, 'Étude de draperie', ['', 'Environnement', 'Autre'], 'Anonyme'),
  drawing(20009380, "Figure d'homme nu.", [''], 'Anonyme'),
]

/** Further records for benchmarks, a thousand for each step above 1, with a small photograph each. */
export function moreRecords(scale: number): readonly MuseumRecord[] {
  return Array.from({ length: (scale - 1) * 1000 }, (_, index): MuseumRecord => {
    const id = String(900_000 + index).padStart(10, '0')
    const media: Still = { format: 'jpeg', width: 64, height: 48, seed: 20_000 + index, bytes: 40_000 }
    const path = `large/0000000021/${String(300_000 + index).padStart(10, '0')}/${id}_OG.JPG`
    return {
      ark: `cl0${10_300_000 + index}`,
      title: `fragment ${index}`,
      photographs: [{ path, id, media, view: '' }],
      drawing: false,
    }
  })
}

/** Archives by number: one there, the others each absent in another way. */
export const ZIPS = {
  there: 121146,
  notFound: 121147,
  page: 121148,
  noZip: 121149,
} as const

export function archiveOf(record: MuseumRecord): Archive {
  return { format: 'zip', entries: record.photographs.map(({ id, media }) => ({ name: `${id}.jpg`, media })) }
}
