import { z } from 'zod'
import type { Asset, Finding, Params, Source, Target } from '../core/source.ts'
import { readTarget } from '../core/target.ts'
import { filenameOf } from '../kit/file-names.ts'
import { directKey, normalizeUrl } from '../kit/keys.ts'
import { textParam } from '../kit/params.ts'

const OPTIONS = z.object({})

/** `direct:URL` is a file whatever comes; a plain URL may turn out to be a page. */
function match(target: Target): Params | undefined {
  if (target.kind === 'url') return { url: normalizeUrl(target.url.href) }
  if (target.kind !== 'short' || target.source !== 'direct') return undefined
  const inner = readTarget(target.rest, { globoff: true })
  return inner.kind === 'url' ? { url: normalizeUrl(inner.url.href), file: true } : undefined
}

/** The one asset that a URL is, as far as the URL alone tells. */
function directAsset(url: string): Asset {
  return { key: directKey(url), candidates: [{ url, quality: 'original' }], meta: { filename: filenameOf(url) } }
}

async function* explore(params: Params): AsyncIterable<Finding> {
  const url = textParam(params, 'url')
  const asset = directAsset(url)
  const otherwise = { source: 'page', route: 'page', params: { url } }
  yield { kind: 'asset', asset: params['file'] === true ? asset : { ...asset, rules: { otherwise } } }
}

export const source: Source = {
  name: 'direct',
  about: 'one file by its URL; where the answer is a web page, its pictures (see page)',
  hosts: [],
  options: OPTIONS,
  limits: [],
  routes: [
    {
      name: 'file',
      example: 'https://example.org/pictures/harbour.jpg',
      about:
        'any URL that no other source knows: a file, or a web page for its pictures; of `direct:URL` whatever comes is the file',
      match,
      strategies: [{ name: 'url', explore }],
    },
  ],
  folder: '{host}',
  filename: '{filename}',
  generic: true,
}
