import { z } from 'zod'
import type { Source, Strategy } from '../../core/source.ts'
import {
  exploreEnumerate,
  exploreRange,
  exploreRecord,
  exploreSearch,
  exploreSitemap,
  exploreZip,
  exploreZips,
} from './explore.ts'
import { HOST, matchAll, matchEnumerate, matchRange, matchRecord, matchSearch, matchZip, matchZips } from './targets.ts'

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
  folder: '{source}/{collection}',
  filename: '{ark} {filename} {title|max:80}',
  routes: [
    {
      name: 'record',
      example: 'louvre:cl010062370',
      about: 'all images of one record',
      match: matchRecord,
      strategies: [strategy('json', exploreRecord)],
    },
    {
      name: 'all',
      example: 'louvre:all',
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
      about: 'archives by number, as of 2021',
      match: matchZips,
      strategies: [strategy('numbers', exploreZips)],
    },
    {
      name: 'zip',
      example: `https://${HOST}/en/artwork/image/download/121146/0`,
      about: 'one archive',
      match: matchZip,
      strategies: [strategy('address', exploreZip)],
    },
    {
      name: 'search',
      example: `https://${HOST}/en/recherche?q=david`,
      about: 'not possible: says why, and what to do',
      match: matchSearch,
      strategies: [strategy('none', exploreSearch)],
    },
  ],
}

function strategy(name: string, explore: Strategy['explore']): Strategy {
  return { name, explore }
}
