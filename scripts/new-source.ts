/**
 * `npm run new-source NAME URL`: writes a source for the site of URL (the page of one gallery), its replica with what
 * must come of it, and the registry. Both files run and pass their tests as they are, for a site that nobody has; make
 * them say what the real one does.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { generate } from './generate-registry.ts'
import { writeGenerated } from './generated-files.ts'

const ROOT = resolve(import.meta.dirname, '..')

interface Site {
  readonly name: string
  readonly host: string
  /** The example's path before its last part, which is taken for the gallery's id: `/gallery/`. */
  readonly folder: string
  readonly id: string
}

function readSite([name, text]: readonly (string | undefined)[]): Site | string {
  if (name === undefined || text === undefined) return 'Usage: npm run new-source NAME URL'
  if (!/^[a-z][a-z0-9-]*$/.test(name)) return `${name} is no name: small letters, digits and hyphens`
  const url = URL.parse(text)
  const [, folder, id] = /^(\/(?:[\w.~-]+\/)*)([\w.~-]+)\/?$/.exec(url?.pathname ?? '') ?? []
  if (url === null || folder === undefined || id === undefined) {
    return `${text} is not the page of a gallery; give one such as https://example.org/gallery/123`
  }
  return { name, host: url.hostname, folder, id }
}

const sourceOf = ({ name, host, folder, id }: Site): string => `import { z } from 'zod'
import { Fault } from '../core/errors.ts'
import type { Cursor, ExploreContext, Finding, Params, Source, Target } from '../core/source.ts'
import { elements, htmlText, loadHtml } from '../kit/html.ts'
import { assetKey } from '../kit/keys.ts'
import { resolveLink } from '../kit/links.ts'
import { textParam } from '../kit/params.ts'

const HOST = '${host}'

function match(target: Target): Params | undefined {
  if (target.kind === 'short') return target.source === '${name}' ? { id: target.rest } : undefined
  if (target.kind !== 'url' || target.url.hostname !== HOST) return undefined
  const id = /^${folder.replaceAll(/[/.]/g, String.raw`\$&`)}([^/]+)\\/?$/.exec(target.url.pathname)?.[1]
  return id === undefined ? undefined : { id }
}

async function* explore(params: Params, _cursor: Cursor | undefined, context: ExploreContext): AsyncIterable<Finding> {
  const page = \`https://\${HOST}${folder}\${textParam(params, 'id')}\`
  const $ = await loadHtml(htmlText(await context.http.request({ url: page })))
  const title = $('h1').first().text()
  for (const image of elements($, 'img[data-id]')) {
    const id = image.attr('data-id')
    const url = resolveLink(image.attr('src'), page)
    if (id === undefined || url === undefined) {
      throw new Fault('SiteChanged', 'a picture of the gallery has no address', { url: page, where: 'img[data-id]' })
    }
    const asset = { key: assetKey('${name}', id), candidates: [{ url, quality: 'original' as const }] }
    yield { kind: 'asset', asset: { ...asset, meta: { title, page } } }
  }
}

export const source: Source = {
  name: '${name}',
  about: 'galleries of ${host}',
  hosts: [HOST],
  options: z.object({}),
  limits: [{ scope: '${name}', hosts: [HOST], slots: 8 }],
  routes: [
    {
      name: 'gallery',
      example: 'https://${host}${folder}${id}',
      also: ['http://${host}${folder}${id}/'],
      about: 'all pictures of one gallery',
      match,
      strategies: [{ name: 'page', explore }],
    },
  ],
  folder: '{source}/{title}',
  filename: '{id}',
  evidence: { recorded: [], unverified: ['everything: no answer of the site is recorded'] },
}
`

const replicaOf = ({ name, host, folder, id }: Site): string => `import { file, html } from './harness/answers.ts'
import type { Media } from './harness/media.ts'
import type { Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'

const HOST = '${host}'
const PICTURES: Readonly<Record<string, Media>> = {
  first: { format: 'jpeg', width: 320, height: 240, seed: 1 },
  second: { format: 'png', width: 200, height: 200, seed: 2 },
}
const MARKUP = Object.keys(PICTURES).map((id) => \`<img data-id="\${id}" src="/pictures/\${id}">\`)

export const replica: Replica = {
  name: '${name}',
  hosts: [HOST],
  make: () =>
    new Router()
      .get(HOST, '${folder}:id', () => html(\`<!doctype html><title>A gallery</title><h1>A gallery</h1>\${MARKUP.join('')}\`))
      .get(HOST, '/pictures/:id', ({ params }) => {
        const picture = PICTURES[params['id'] ?? '']
        return picture === undefined ? undefined : file(picture)
      }).handler,
  targets: [
    {
      target: 'https://${host}${folder}${id}',
      expected: { files: Object.fromEntries(Object.entries(PICTURES).map(([key, media]) => [\`${name}:\${key}\`, media])) },
      demo: true,
    },
  ],
}
`

async function main(): Promise<string | undefined> {
  const site = readSite(process.argv.slice(2))
  if (typeof site === 'string') return site
  const files = { [`src/sources/${site.name}.ts`]: sourceOf(site), [`replicas/${site.name}.ts`]: replicaOf(site) }
  const taken = [...Object.keys(files), `src/sources/${site.name}`].find((path) => existsSync(resolve(ROOT, path)))
  if (taken !== undefined) return `${taken} is there already; choose another name or edit it`
  for (const [path, text] of Object.entries(files)) {
    await writeFile(resolve(ROOT, path), text, { flag: 'wx' })
    console.log(`wrote ${path}`)
  }
  /** How long the names are decides where lines break. */
  spawnSync(process.execPath, [resolve(ROOT, 'node_modules/oxfmt/bin/oxfmt'), ...Object.keys(files)], { cwd: ROOT })
  await writeGenerated(await generate())
  return undefined
}

const mistake = await main()
if (mistake !== undefined) {
  console.error(mistake)
  process.exitCode = 2
}
