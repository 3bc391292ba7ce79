import { z } from 'zod'
import type { Source, Strategy } from '../../core/source.ts'
import {
  exploreEnumerate,
  exploreExport,
  exploreRange,
  exploreRecord,
  exploreSitemap,
  exploreZip,
  exploreZips,
} from './explore.ts'
import { evidence } from './evidence.ts'
import { exploreSearch } from './search.ts'
import {
  HOST,
  matchAll,
  matchEnumerate,
  matchExport,
  matchRange,
  matchRecord,
  matchSearch,
  matchZip,
  matchZips,
} from './targets.ts'

export const source: Source = {
  name: 'louvre',
  about: 'records and images of the collections of the Louvre',
  hosts: [HOST],
  options: z.object({}),
  limits: [
    // The museum names no limit. 12 records at once were no trouble to others, 60 and more broke connections (2024
    // to 2026); five a second are polite, and read the half million records in a little more than a day.
    { scope: HOST, hosts: [HOST], slots: 4, perSecond: 5 },
    { scope: `${HOST}/media`, hosts: [HOST], path: '/media/cache/', slots: 6 },
    // Archives are made on request, and have several MB.
    { scope: `${HOST}/zip`, hosts: [HOST], path: '/en/artwork/', slots: 4 },
  ],
  fields: {
    ark: 'the id of the record',
    period: 'when it was made, in the words of the museum',
    collection: 'the department',
    room: 'the room it is shown in',
    location: 'where it is now',
    objectNumber: 'the main inventory number',
    objectType: 'the kind of object',
    materials: 'materials and techniques',
    modified: 'when the record was changed',
    view: 'what the image shows, such as face or back',
  },
  folder: '{source}/{collection}',
  filename: '{ark} {filename} {title|max:80}',
  evidence,
  routes: [
    {
      name: 'record',
      example: 'louvre:cl010062370',
      also: [
        `https://${HOST}/ark:/53355/cl010062370`,
        `https://${HOST}/en/ark:/53355/cl010062370`,
        `https://${HOST}/ark:/53355/cl010062370.json`,
        `https://${HOST}/en/ark:/53355/cl010062370.json`,
      ],
      about: 'all images of one record',
      match: matchRecord,
      strategies: [strategy('json', exploreRecord)],
    },
    {
      name: 'all',
      example: 'louvre:all',
      also: [
        `https://${HOST}/`,
        `https://${HOST}/en`,
        `https://${HOST}/sitemap.xml`,
        `https://${HOST}/media/sitemap/sitemap7.xml`,
      ],
      about: 'everything, by the sitemaps',
      match: matchAll,
      strategies: [strategy('sitemap', exploreSitemap)],
    },
    {
      name: 'range',
      example: 'louvre:cl010000006-cl010000025',
      about: 'all numbers of a span; those without a record are missing',
      match: matchRange,
      strategies: [strategy('numbers', exploreRange)],
    },
    {
      name: 'enumerate',
      example: 'louvre:enumerate',
      about: 'everything, by counting up',
      match: matchEnumerate,
      strategies: [strategy('numbers', exploreEnumerate)],
    },
    {
      name: 'zips',
      example: 'louvre:zip/121100-121199',
      also: ['louvre:zip/121146'],
      about: 'archives by number; those that are not there are missing (the route is known from 2021)',
      match: matchZips,
      strategies: [strategy('numbers', exploreZips)],
    },
    {
      name: 'zip',
      example: `https://${HOST}/en/artwork/image/download/121146/0`,
      also: [`https://${HOST}/artwork/image/download/121146/0`],
      about: 'one archive',
      match: matchZip,
      strategies: [strategy('address', exploreZip)],
    },
    {
      name: 'search',
      example: 'louvre:search/david',
      also: [
        `https://${HOST}/en/recherche?q=david`,
        `https://${HOST}/recherche?q=david&typology%5B0%5D=22&page=3`,
        `https://${HOST}/en/recherche?advanced=1&authorStr%5B0%5D=Ingres`,
      ],
      about: 'all images of the works that a search finds, with its filters; programs are often refused (a challenge)',
      match: matchSearch,
      strategies: [strategy('html', exploreSearch)],
    },
    {
      name: 'export',
      example: `https://${HOST}/en/search/export`,
      also: [`https://${HOST}/search/export`],
      about: 'the table of a search: is refused, because robots.txt forbids it',
      match: matchExport,
      strategies: [strategy('none', exploreExport)],
    },
  ],
}

function strategy(name: string, explore: Strategy['explore']): Strategy {
  return { name, explore }
}
