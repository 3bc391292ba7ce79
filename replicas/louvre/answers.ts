import type { MuseumRecord, Photograph } from './museum.ts'

const ORIGIN = 'https://collections.louvre.fr'

/** A record with all properties of the documentation, in the order of the list of May 2024. */
export function recordJson(record: MuseumRecord): Readonly<Record<string, unknown>> {
  return {
    arkId: record.ark,
    url: `${ORIGIN}/ark:/53355/${record.ark}`,
    // The space is the museum's own.
    'modified ': record.drawing ? '' : '2024-01-19',
    title: record.title,
    titleComplement: record.drawing ? null : '',
    denominationTitle: [{ type: record.drawing ? 'Titre' : 'Dénomination', value: record.title }],
    displayDateCreated: record.drawing
      ? '1567'
      : 'Date de création/fabrication : époque byzantine (?) ; époque romaine (?)',
    currentLocation: record.drawing ? 'Réserve des petits albums' : 'non exposé',
    room: '',
    isMuseesNationauxRecuperation: false,
    dateCreated: [dateCreated(record)],
    creator: record.creator === undefined ? [] : [creator(record.creator)],
    objectNumber: [
      { value: `INV ${record.ark.slice(-5)}`, type: 'Numéro principal' },
      { value: 'MR 1', type: "Autre numéro d'inventaire" },
    ],
    collection: record.drawing ? 'Département des Arts graphiques' : 'Département des Antiquités égyptiennes',
    ...all(
      ['printsDrawingsEntity', 'printsDrawingsCollection', 'objectType', 'originalObject', 'printState'],
      record.drawing ? 'Dessin' : null,
    ),
    ...all(['description', 'inscriptions', 'namesAndTitles', 'onomastics'], ''),
    dimension: [{ type: 'Hauteur', displayDimension: 'Hauteur : 12 cm', value: 12, unit: 'cm' }],
    ...all(
      ['shape', 'materialsAndTechniques', 'placeOfCreation', 'dateOfDiscovery', 'placeOfDiscovery', 'provenance'],
      '',
    ),
    ...all(['historicalContext', 'objectHistory', 'jabachInventory', 'napoleonInventory'], ''),
    previousOwner: record.drawing ? [{ value: 'Moreau-Nélaton, Etienne' }] : null,
    acquisitionDetails: [{ mode: 'don', dates: [] }],
    ownedBy: 'Etat',
    heldBy: 'Musée du Louvre',
    longTermLoanTo: '',
    bibliography: [],
    exhibition: [],
    relatedWork: [],
    image: record.photographs.map(imageJson),
    // An empty list in place of an empty object, as PHP has it.
    index: record.photographs.length === 0 ? [] : { Name: [{ value: record.title }] },
  }
}

function dateCreated(record: MuseumRecord): Readonly<Record<string, unknown>> {
  const type = 'Date de création/fabrication'
  return record.drawing
    ? { startYear: 1567, endYear: 1567, text: null, type, doubt: '' }
    : {
        startYear: -30,
        endYear: 641,
        imprecision: '',
        text: 'époque byzantine (?) ; époque romaine (?)',
        type,
        doubt: '?',
      }
}

function creator(label: string): Readonly<Record<string, unknown>> {
  return { label, attributionLevel: '', linkType: '', authenticationType: '', doubt: '', dates: [], wikidata: null }
}

function all(names: readonly string[], value: string | null): Readonly<Record<string, string | null>> {
  return Object.fromEntries(names.map((name) => [name, value]))
}

function imageJson({ path, view }: Photograph, position: number): Readonly<Record<string, unknown>> {
  return {
    urlImage: `${ORIGIN}/media/cache/${path}`,
    urlThumbnail: `${ORIGIN}/media/cache/${path.replace(/^\w+/, 'small')}`,
    copyright: '© 2014 Musée du Louvre',
    type: view,
    position,
  }
}

/** One page of a search, after what programs of 2024 to 2026 look for: no page is recorded. */
export function searchPage(found: readonly MuseumRecord[], page: number, size: number, language: string): string {
  const cards = found.slice((page - 1) * size, page * size).map(({ ark, title }) => {
    const href = `${language}/ark:/53355/${ark}`
    const picture = `<a href="${href}"><img class="lazyload" data-src="/media/cache/small/${ark}.jpg"></a>`
    return `<div class="card__outer">${picture}<div class="card__title"><a href="${href}">${title}</a></div></div>`
  })
  const pages = Math.max(1, Math.ceil(found.length / size))
  return `<!doctype html><title>Louvre Collections</title><div id="count_text"><span>${found.length}</span> results</div>
<div class="page">${page} / ${pages}</div><div id="search__grid">${cards.join('')}</div><a href="/en/page/cgu">Terms</a>`
}

/** What programs get since autumn 2026: only its status and its name are known. */
export const CHALLENGE = '<!doctype html><title>WADP bot challenge</title><script src="/wadp.js"></script>'

/** The index: one file for each department's records. */
export function sitemapIndex(count: number): string {
  const entries = Array.from(
    { length: count },
    (_, number) => `<sitemap><loc>${ORIGIN}/media/sitemap/sitemap${number}.xml</loc></sitemap>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join('')}</sitemapindex>`
}

/** Every record in French and in English, each naming the other. */
export function sitemap(records: readonly MuseumRecord[]): string {
  const alternates = (ark: string): string =>
    `<xhtml:link rel="alternate" hreflang="fr" href="${ORIGIN}/ark:/53355/${ark}"/><xhtml:link rel="alternate" hreflang="en" href="${ORIGIN}/en/ark:/53355/${ark}"/>`
  const entries = records.flatMap(({ ark }) =>
    ['', '/en'].map((language) => `<url><loc>${ORIGIN}${language}/ark:/53355/${ark}</loc>${alternates(ark)}</url>`),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">${entries.join('\n')}</urlset>`
}
