import { expect, test } from 'vitest'
import { CLIENT } from '../../replicas/deviantart/api.ts'
import { extended, listed } from '../../replicas/deviantart/shapes.ts'
import { SAMPLES } from '../../replicas/deviantart/site.ts'
import { replica } from '../../replicas/deviantart.ts'
import { startReplicas } from '../../replicas/harness/start.ts'
import { scriptTextAt } from '../../src/kit/script-text.ts'
import { isDeleted, readApiWork } from '../../src/sources/deviantart/api-work.ts'
import { readEmbed } from '../../src/sources/deviantart/backend.ts'
import { source } from '../../src/sources/deviantart/deviantart.ts'
import { readFeed } from '../../src/sources/deviantart/feed.ts'
import type { Work } from '../../src/sources/deviantart/model.ts'
import { readPageState, workAt, workOfPage } from '../../src/sources/deviantart/page-state.ts'
import { readToken } from '../../src/sources/deviantart/token.ts'
import { readWork } from '../../src/sources/deviantart/work.ts'
import { openHttp } from '../sources/crawl.ts'
import { Recordings } from './recordings.ts'
import { dryRun } from './served.ts'
import { differences, shapeOf } from './shapes.ts'

const recordings = new Recordings('deviantart')
const FROM = 'https://www.deviantart.com/recorded'
const SITE = 'www.deviantart.com'

const PAGES = [
  '2020-02-23.misty-510056679',
  '2020-09-23.cope-145564099',
  '2021-04-04.misty-510056679',
  '2024-06-10.misty-510056679',
]

interface RawMedia {
  readonly baseUri?: string
  readonly prettyName?: string
  readonly token?: readonly string[]
  readonly types: readonly {
    readonly t: string
    readonly r: number
    readonly c?: string
    readonly b?: string
    readonly h: number
    readonly w: number
  }[]
}

interface RawWork {
  readonly deviationId: number
  readonly url: string
  readonly isDownloadable: boolean
  readonly author: unknown
  readonly media: RawMedia
}

function page(name: string): string {
  return recordings.text(`web-html/${name}.html`)
}

/** A variable of a page's script, read without the source's own code but for the string literal. */
function variableOf(html: string, name: string): unknown {
  const at = html.indexOf('"', html.indexOf(`window.${name} = JSON.parse(`))
  return JSON.parse(scriptTextAt(html, at) ?? '')
}

interface RawState {
  readonly '@@entities': {
    readonly deviation: Readonly<Record<string, RawWork>>
    readonly deviationExtended: Readonly<Record<string, unknown>>
  }
}

interface RawCache {
  readonly relatedContent: { readonly relatedContent: readonly { readonly deviations?: readonly RawWork[] }[] }
}

function rawWorks(name: string): readonly RawWork[] {
  return Object.values((variableOf(page(name), '__INITIAL_STATE__') as RawState)['@@entities'].deviation)
}

/** The works beside that of the page of 2024, in the shape of the site's lists. */
function listedWorks(): readonly RawWork[] {
  const cache = variableOf(page('2024-06-10.misty-510056679'), '__RCACHE__') as RawCache
  return cache.relatedContent.relatedContent.flatMap(({ deviations = [] }) => deviations)
}

async function worksOf(name: string): Promise<readonly (readonly [RawWork, Work])[]> {
  const state = readPageState(page(name), FROM)
  return Promise.all(rawWorks(name).map(async (raw) => [raw, await workAt(state, String(raw.deviationId))] as const))
}

type Read = readonly (readonly [RawWork, Work])[]

let all: Promise<Read> | undefined

/** All recorded works with what was read of them; the pages are large, and read once. */
function everyWork(): Promise<Read> {
  all ??= readAll()
  return all
}

async function readAll(): Promise<Read> {
  const paged = await Promise.all(PAGES.map(worksOf))
  const beside = await Promise.all(listedWorks().map(async (raw) => [raw, await readWork(raw, FROM)] as const))
  return [...paged.flat(), ...beside]
}

/** A transform's URL after the sheet: `baseUri` + `/` + `c` + `?token=` + `token[r]`. */
function asListed(
  { baseUri = '', prettyName = '', token = [] }: RawMedia,
  { c = '', r }: RawMedia['types'][number],
): string {
  return `${baseUri}/${c.replace(/^\//, '').replace('<prettyName>', prettyName)}?token=${token[r]}`
}

function urlsOf({ files }: Work): readonly string[] {
  return files.candidates.map(({ url }) => url)
}

recordings.suite('pages of DeviantArt', () => {
  test.each([
    ['2020-02-23.misty-510056679', 510056679, undefined, 28],
    ['2020-09-23.cope-145564099', 145564099, /^tRx_psDe-KCVOhcF\.qh4sgw\./, 22],
    ['2021-04-04.misty-510056679', 510056679, /^HvzPnAvaXi4HF5B2\.qr1ph3\./, 28],
    ['2024-06-10.misty-510056679', 510056679, /^WJ79eXZI-82dyYoa\.sevgdv\./, 1],
  ])('%s: its state, its token, its own work', async (name, id, token, works) => {
    const state = readPageState(page(name), FROM)
    expect([(await workOfPage(state, undefined)).id, state.isLoggedIn, Object.keys(state.deviations).length]).toEqual([
      id,
      false,
      works,
    ])
    if (token !== undefined) expect(state.csrf).toMatch(token)
  })

  test('Misty, whose upload is shown: by the second token, though no download is offered', async () => {
    for (const name of PAGES.filter((one) => one.includes('misty'))) {
      const state = readPageState(page(name), FROM)
      const work = await workOfPage(state, '510056679')
      const raw = rawWorks(name).find(({ deviationId }) => deviationId === 510056679)
      const url =
        'https://images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com/f/9ad8fbc8-aee8-4e92-a04b-6abf7a036a51/d8foa93-8e1fade9-1853-4644-af82-2ec21590bf94.jpg'
      expect(urlsOf(work)).toEqual([`${url}?token=${raw?.media.token?.[1]}`])
      expect(work).toMatchObject({
        title: 'Misty',
        author: 'sakimichan',
        date: '2015-01-27T16:55:07-08:00',
        page: 'https://www.deviantart.com/sakimichan/art/Misty-510056679',
        files: { width: 695, height: 900, bytes: 692842, candidates: [{ quality: 'original' }] },
        isText: false,
      })
      expect([work.download, work.wall]).toEqual([undefined, undefined])
    }
  })

  test('Cope, which can be downloaded: the link, and when it ends; what is shown is the same file', async () => {
    const work = await workOfPage(readPageState(page('2020-09-23.cope-145564099'), FROM), undefined)
    expect(work.download).toEqual({
      candidate: {
        url: 'https://www.deviantart.com/download/145564099/d2enxz7-431ca9c3-987f-4b2d-ae6a-cbbdd1c0e2bf.jpg?token=2b7932cc4811e6cba22cf30722e6abbec6b3d78e&ts=1600898168',
        quality: 'original',
        expires: 1600898168000,
      },
      width: 448,
      height: 672,
      bytes: 165096,
    })
    expect([work.files.bytes, work.files.candidates[0]?.quality, work.uuid]).toEqual([
      165096,
      'original',
      'C195BDA2-FD97-05E3-697F-7437ACFAC194',
    ])
  })
})

recordings.suite('media of every recorded work', () => {
  test('fullview r:1 without c: the bare file with the token for downloading it', async () => {
    const works = (await everyWork()).filter(([{ media }]) =>
      media.types.some(({ t, r, c }) => t === 'fullview' && r === 1 && c === undefined),
    )
    expect(works.length).toBeGreaterThan(60)
    for (const [raw, work] of works) {
      expect(urlsOf(work), raw.url).toEqual([`${raw.media.baseUri}?token=${raw.media.token?.[1]}`])
      expect(work.files.candidates[0]?.quality).toBe('original')
    }
  })

  test('fullview r:0 with c: its URL as listed, before it the same with q_100, behind it the copies of its time', async () => {
    const works = (await everyWork()).flatMap(([raw, work]) => {
      const entry = raw.media.types.find(({ t, r, c }) => t === 'fullview' && r === 0 && c !== undefined)
      return entry === undefined ? [] : [[raw, work, entry] as const]
    })
    expect(works.length).toBeGreaterThan(20)
    const seen = { raised: 0, lossless: 0, marked: 0, slash: 0, none: 0, old: 0 }
    for (const [raw, work, entry] of works) {
      const url = asListed(raw.media, entry)
      const isMarked = readToken(raw.media.token?.[0] ?? '')?.audiences[0] === 'image.watermark'
      const isRaised = /,q_\d+/.test(entry.c ?? '') && !isMarked
      const isOld = raw.deviationId <= 790677560 && !isMarked
      const copy = `${raw.media.baseUri?.replace('.com/f/', '.com/intermediary/f/')}`
      const file = url.replace(/\?.*$/, '').split('/').at(-1)
      expect(urlsOf(work), raw.url).toEqual([
        ...(isRaised ? [url.replace(/,q_\d+,/, ',q_100,')] : []),
        url,
        ...(isOld ? [copy, `${copy}/v1/fill/w_5100,h_5100,bl,q_100/${file}`] : []),
      ])
      seen[entry.c?.startsWith('/') === true ? 'slash' : 'none'] += 1
      seen.raised += isRaised ? 1 : 0
      seen.lossless += entry.c?.endsWith('.png') === true ? 1 : 0
      seen.marked += isMarked ? 1 : 0
      seen.old += isOld ? 1 : 0
    }
    // Each of these oddities is among the recordings, or this test would prove less than it says.
    expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([])
  })

  test('a GIF with an entry of its own: that one, not the still below /i/', async () => {
    const found = (await everyWork()).filter(([{ media }]) => media.types.some(({ t }) => t === 'gif'))
    expect(found.length).toBeGreaterThan(0)
    for (const [raw, work] of found) {
      const entry = raw.media.types.find(({ t }) => t === 'gif')
      expect([urlsOf(work), work.files.candidates[0]?.quality]).toEqual([
        [`${entry?.b}?token=${raw.media.token?.[0]}`],
        'original',
      ])
    }
    const [, engine] = found.find(([{ deviationId }]) => deviationId === 775451) ?? []
    expect(engine?.files.candidates[0]?.url).toMatch(
      /\/f\/2b5a457d-dde7-459a-badf-774e8e506025\/dgmcb-0a77dba4-9892-4fbf-92b1-5f75d3648c0f\.gif\?token=/,
    )
  })

  test('a film: its largest encoding, without a token, never its poster', async () => {
    const found = (await everyWork()).filter(([{ media }]) => media.types.some(({ t }) => t === 'video'))
    expect(found.length).toBeGreaterThan(0)
    for (const [raw, work] of found) {
      const videos = raw.media.types.filter(({ t }) => t === 'video').toSorted((a, b) => b.h - a.h)
      expect(urlsOf(work)).toEqual(videos.map(({ b }) => b))
    }
    const films = found.filter(([{ deviationId }]) => deviationId === 62519704)
    expect(films.flatMap(([, work]) => urlsOf(work))).toEqual([
      'https://wixmp-ed30a86b8c4ca887773594c2.wixmp.com/v/mp4/2b5a457d-dde7-459a-badf-774e8e506025/d1180ig-e0de8a88-1646-4961-83e6-3c0b63fb2914.240p.0fce3debc48d4f79b425a92e2a285938.mp4',
    ])
  })

  test('a picture below /i/ is the preview of something that is none, without a token', async () => {
    const found = (await everyWork()).filter(
      ([{ media }]) =>
        media.baseUri?.includes('.com/i/') === true && media.types.every(({ t }) => t !== 'gif' && t !== 'video'),
    )
    expect(found.map(([{ deviationId }]) => deviationId)).toContain(207249640)
    for (const [raw, work] of found)
      expect(work.files.candidates).toEqual([{ url: raw.media.baseUri, quality: 'preview' }])
  })

  test('a text has no file: the generic picture of 2020 (r:-2) is none of its own', async () => {
    const texts = (await everyWork()).filter(([, work]) => work.isText || work.files.candidates.length === 0)
    expect(texts.length).toBeGreaterThan(4)
    for (const [raw, work] of texts) expect([raw.url, urlsOf(work)]).toEqual([raw.url, []])
  })

  test('no token is made or changed, and none of these works is behind a wall', async () => {
    for (const [raw, work] of await everyWork()) {
      const tokens = urlsOf(work).flatMap((url) => URL.parse(url)?.searchParams.get('token') ?? [])
      expect(tokens.filter((token) => raw.media.token?.includes(token) !== true)).toEqual([])
      expect([raw.url, work.wall, work.id, work.author === undefined]).toEqual([
        raw.url,
        undefined,
        raw.deviationId,
        false,
      ])
    }
  })

  test('page tokens have no end', async () => {
    const tokens = PAGES.flatMap(rawWorks).flatMap(({ media }) => media.token ?? [])
    expect(tokens.length).toBeGreaterThan(100)
    expect(tokens.filter((token) => readToken(token)?.expires !== undefined || readToken(token) === undefined)).toEqual(
      [],
    )
  })
})

recordings.suite('the recorded API', () => {
  interface RawObject {
    readonly deviationid: string
    readonly url: string
    readonly title: string
    readonly is_downloadable: boolean
    readonly author: { readonly username: string }
    readonly content?: {
      readonly src: string
      readonly width: number
      readonly height: number
      readonly filesize: number
    }
  }

  const objectsOf = (file: string): readonly RawObject[] => {
    const json = recordings.json(file) as {
      readonly results: readonly (RawObject & { readonly deviations?: readonly RawObject[] })[]
    }
    return json.results.flatMap((entry) => entry.deviations ?? ('url' in entry ? [entry] : []))
  }

  test.each([
    'oauth-2016/gallery.json',
    'oauth-2016/gallery_folders.json',
    'oauth-2016/collections_folders.json',
    'oauth-2016/deviation_embeddedcontent.json',
  ])('%s: every work by the number of its address, files of old hosts as they are', (file) => {
    const objects = objectsOf(file)
    expect(objects.length).toBeGreaterThanOrEqual(10)
    for (const object of objects) {
      const work = readApiWork(object, FROM)
      expect([work.id, work.uuid, work.author, work.title]).toEqual([
        Number(/(\d+)$/.exec(object.url)?.[1]),
        object.deviationid,
        object.author.username,
        object.title,
      ])
      if (object.content !== undefined) expect(urlsOf(work)).toEqual([object.content.src])
      expect(work.download === undefined).toBe(!object.is_downloadable)
    }
  })

  test('uploads of old hosts are told from renderings', () => {
    const works = objectsOf('oauth-2016/gallery_folders.json').map((object) => readApiWork(object, FROM))
    const qualities = new Map(
      works.flatMap(({ files }) =>
        files.candidates.map(({ url, quality }) => [url.replace(/^https?:\/\/([a-z]+)\d.*$/, '$1'), quality]),
      ),
    )
    expect([qualities.get('orig'), qualities.get('img')]).toEqual(['original', 'full'])
  })

  test('a rendering of 2024: with less loss, as it is, then the copies of its time; its bytes are not those of the upload', () => {
    const object = JSON.parse(recordings.text('oauth-2024/Deviation.json').replace(/^\uFEFF/, '')) as RawObject
    const work = readApiWork(object, FROM)
    const src = object.content?.src ?? ''
    const copy =
      'https://images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com/intermediary/f/51bad5a5-a63e-4bbf-9937-6b5b78416457/dcenl2z-204e60fe-54b7-407c-90da-6255fb12703d.jpg'
    expect(urlsOf(work)).toEqual([
      src.replace('q_75', 'q_100'),
      src,
      copy,
      `${copy}/v1/fill/w_5100,h_5100,bl,q_100/pool_by_allrichart_dcenl2z-fullview.jpg`,
    ])
    expect([work.id, work.date, work.files.width, work.files.bytes]).toEqual([
      750209147,
      '2018-06-17T18:21:54Z',
      1024,
      undefined,
    ])
  })

  test('objects of 2019: journal, picture, film, Flash, motion book, and one that was deleted', () => {
    const [journal, picture, film, flash, book, deleted] = recordings.json(
      'oauth-2019/deviation_objects.array.json',
    ) as readonly unknown[]
    expect(readApiWork(journal, FROM)).toMatchObject({
      id: 446384730,
      isText: true,
      hasMore: true,
      files: { candidates: [] },
    })
    const intermediary =
      'https://images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com/intermediary/f/9d7589dd-d8c8-4608-98db-44bac2540fbd/dcvkgds-ad671466-e7c5-4ae0-935b-24e1cfd9cf96.png'
    expect(urlsOf(readApiWork(picture, FROM)).slice(0, 2)).toEqual([
      `${intermediary}/v1/fill/w_800,h_846,q_80,strp/c__katnikki_by_minnoux_dcvkgds-fullview.jpg`,
      intermediary,
    ])
    expect(urlsOf(readApiWork(film, FROM)).map((url) => url.split('/')[3])).toEqual(['4685', 'fa73', 'a9d5'])
    expect(readApiWork(film, FROM).files.bytes).toBe(16782531)
    expect(urlsOf(readApiWork(flash, FROM))).toEqual([
      'https://orig00.deviantart.net/9434/f/2011/012/4/a/mouse__flash__by_ecokitty-d371y6n.swf',
    ])
    expect(urlsOf(readApiWork(book, FROM))).toEqual([
      'https://orig00.deviantart.net/d7c7/f/2014/074/9/0/bfoi_r4_by_arkeis_pokemon-d7abw6j.jpg',
    ])
    expect([journal, picture, film, flash, book, deleted].map(isDeleted)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ])
  })
})

recordings.suite('oEmbed and feeds', () => {
  test.each([
    [
      '2024-06-10.oembed-cope-145564099.json',
      145564099,
      '/d2enxz7-431ca9c3-987f-4b2d-ae6a-cbbdd1c0e2bf.jpg',
      [448, 672],
      '2009-12-02T23:59:51-08:00',
    ],
    [
      '2024-06-10.oembed-misty-510056679.json',
      510056679,
      '/d8foa93-8e1fade9-1853-4644-af82-2ec21590bf94.jpg',
      [695, 900],
      '2015-01-27T16:55:07-08:00',
    ],
  ])('%s: the largest file that visitors are shown', (file, id, end, size, date) => {
    const value = recordings.json(`oembed/${file}`)
    const work = readEmbed(value, { id, page: FROM, url: FROM })
    expect(urlsOf(work)).toEqual([(value as { readonly url: string }).url])
    expect(urlsOf(work)[0]?.split('?')[0]).toMatch(new RegExp(`${end.replaceAll('.', '\\.')}$`))
    expect([work.files.candidates[0]?.quality, [work.files.width, work.files.height], work.date]).toEqual([
      'original',
      size,
      date,
    ])
  })

  test('the item of a feed of 2015: its number, its rendering on an old host, its artist and not the avatar', () => {
    const item = recordings.text('fragments-rss/favby_item_2015.fragment.xml')
    const { works, next } = readFeed(`<rss><channel>${item}</channel></rss>`, FROM)
    expect(next).toBeUndefined()
    expect(works).toMatchObject([
      {
        id: 577869970,
        title: 'MODEL NO. TH-X11-38',
        author: 'WojtekFus',
        date: '2015-12-14T00:14:02Z',
        files: {
          width: 1192,
          height: 670,
          candidates: [
            {
              url: 'http://pre03.deviantart.net/bbec/th/pre/f/2015/347/b/f/model_no__th_x11_38_by_wojtekfus-d9k1rbm.jpg',
              quality: 'full',
            },
          ],
        },
      },
    ])
    expect(works[0]?.description).toMatch(/^Image done for the workshop in Taipei that's going to happen next week:/)
  })
})

recordings.suite('the replica against the recordings', () => {
  test('its works have the fields of the recorded ones, but for walls and further pictures, which are not recorded', async () => {
    const known = shapeOf(...listedWorks())
    const beyond = [
      '$.isMultiMedia',
      '$.tierAccess',
      '$.premiumFolderData',
      '$.textContent',
      '$.blockReasons',
      '$.media.types[].ss',
    ]
    for (const work of [SAMPLES.bower, SAMPLES.feather, SAMPLES.dance, SAMPLES.triptych, SAMPLES.nude, SAMPLES.draft])
      expect(differences(await listed(work, false), known, beyond)).toEqual([])
    const films = shapeOf(...PAGES.flatMap(rawWorks))
    const later = [...beyond, '$.author', '$.license', '$.shortUrl', '$.isAiGenerated', '$.isNsfg', '$.stats']
    for (const work of [SAMPLES.film, SAMPLES.blink])
      expect(differences(await listed(work, false), films, later)).toEqual([])
  })

  test('and so has what the page of a work adds', async () => {
    const states = PAGES.map(
      (name) => (variableOf(page(name), '__INITIAL_STATE__') as RawState)['@@entities'].deviationExtended,
    )
    const known = shapeOf(...states.flatMap((state) => Object.values(state)))
    const beyond = ['$.additionalMedia', '$.tags']
    for (const work of [SAMPLES.bower, SAMPLES.poster, SAMPLES.triptych])
      expect(differences(await extended(work, new URL(FROM)), known, beyond)).toEqual([])
  })

  test('its API answers as the recorded one does', async () => {
    const running = await startReplicas([replica])
    const http = openHttp(running, [source])
    try {
      const form = `grant_type=client_credentials&client_id=${CLIENT.id}&client_secret=${encodeURIComponent(CLIENT.secret)}`
      const token = (await http.request({ url: `https://${SITE}/oauth2/token`, method: 'POST', body: form })).json()
      expect(differences(token, shapeOf(recordings.json('oauth-2016/refresh_client_credentials.json')))).toEqual([])
      const authorization = `Bearer ${(token as { readonly access_token: string }).access_token}`
      const url = `https://${SITE}/api/v1/oauth2/gallery/all?username=crowd`
      const list = (await http.request({ url, headers: { authorization } })).json() as {
        readonly results: readonly unknown[]
      }
      const known = shapeOf(JSON.parse(recordings.text('oauth-2024/Deviation.json').replace(/^\uFEFF/, '')))
      for (const object of list.results) expect(differences(object, known)).toEqual([])
      const refused = (await http.request({ url, headers: { authorization: 'Bearer x' }, accept: [401] })).json()
      expect(refused).toEqual(recordings.json('oauth-2016/error_401_invalid_token.json'))
    } finally {
      await http.close()
      await running.close()
    }
  })
})

recordings.suite('get --dry-run --json against recorded answers of DeviantArt', () => {
  const HOSTS = [SITE, 'backend.deviantart.com']
  const MISTY = '2024-06-10.misty-510056679'

  test('the page of a work: its key, its exact URL, what is known of it, and by which strategy', async () => {
    const told = await dryRun(
      HOSTS,
      { [`${SITE}/deviation/510056679`]: page(MISTY) },
      'https://www.deviantart.com/sakimichan/art/Misty-510056679',
    )
    const media = rawWorks(MISTY)[0]?.media
    expect(told.assets).toEqual([['deviantart:510056679', `${media?.baseUri}?token=${media?.token?.[1]}`]])
    expect(told.events.find(({ event }) => event === 'asset')).toMatchObject({
      source: 'deviantart',
      route: 'deviation',
      path: expect.stringContaining('deviantart/sakimichan/510056679 Misty'),
      meta: {
        title: 'Misty',
        author: 'sakimichan',
        width: 695,
        height: 900,
        bytes: 692842,
        kind: 'image',
        quality: 'original',
      },
    })
    expect(told.events.find(({ event }) => event === 'ref')).toMatchObject({ state: 'explored', strategy: 'web' })
    expect([told.status, told.asked]).toEqual([0, [`${SITE}/deviation/510056679`]])
  })

  test('a list whose entries are the recorded works: every one with the URL of its media', async () => {
    const works = listedWorks()
    const served = {
      [`${SITE}/sakimichan/gallery`]: page(MISTY),
      [`${SITE}/_puppy/dashared/gallection/contents`]: JSON.stringify({
        hasMore: false,
        nextOffset: null,
        results: works,
      }),
    }
    const told = await dryRun(HOSTS, served, 'deviantart:sakimichan', '--option', 'deviantart.texts=false')
    const pictures = works.filter(({ media }) => media.types.length > 0)
    expect(told.assets.length).toBe(new Set(pictures.map(({ deviationId }) => deviationId)).size)
    const urls = new Map(told.assets.map(([key, ...rest]) => [key, rest]))
    for (const { deviationId, media } of pictures) {
      const entry = media.types.find(({ t }) => t === 'fullview')
      if (entry?.r !== 0 && entry?.r !== 1) continue
      const url = entry.c === undefined ? `${media.baseUri}?token=${media.token?.[entry.r]}` : asListed(media, entry)
      expect(urls.get(`deviantart:${deviationId}`)).toContain(url)
    }
    expect(told.asked[1]).toContain('csrf_token=WJ79eXZI-82dyYoa.sevgdv.')
    expect(told.status).toBe(0)
  })

  test('a folder by the API with a recorded token: every work of the answer, and no secret anywhere', async () => {
    const gallery = recordings.json('oauth-2016/gallery.json') as {
      readonly results: readonly { readonly url: string; readonly content: { readonly src: string } }[]
    }
    const served = {
      [`${SITE}/oauth2/token`]: recordings.text('oauth-2016/refresh_client_credentials.json'),
      [`${SITE}/api/v1/oauth2/gallery/all`]: JSON.stringify({ ...gallery, has_more: false }),
    }
    const options = [
      '--option',
      'deviantart.clientId=1',
      '--option',
      'deviantart.clientSecret=hunter2',
      '--option',
      'deviantart.originals=false',
    ]
    const told = await dryRun(HOSTS, served, 'deviantart:somebody', ...options)
    expect(told.assets).toEqual(
      gallery.results.map(({ url, content }) => [`deviantart:${/(\d+)$/.exec(url)?.[1]}`, content.src]),
    )
    expect(told.events.find(({ event }) => event === 'ref')).toMatchObject({ strategy: 'api' })
    expect(JSON.stringify(told)).not.toContain('hunter2')
  })

  test('one picture by oEmbed, where the site refuses its pages: said, with the reason', async () => {
    const served = {
      [`${SITE}/deviation/145564099`]: [403, '<h1>403 ERROR</h1>Request blocked.'] as const,
      [`${SITE}/`]: [403, '<h1>403 ERROR</h1>Request blocked.'] as const,
      'backend.deviantart.com/oembed': recordings.text('oembed/2024-06-10.oembed-cope-145564099.json'),
    }
    const told = await dryRun(HOSTS, served, 'deviantart:145564099')
    expect(told.assets.map(([key]) => key)).toEqual(['deviantart:145564099'])
    expect(told.events.filter(({ event }) => event === 'note').map(({ message }) => message)).toEqual([
      expect.stringMatching(/read by oembed, as web failed: .*content network/),
      expect.stringMatching(/read by oembed, as puppy failed: /),
    ])
  })

  test('what oEmbed does not know is gone', async () => {
    const served = {
      [`${SITE}/deviation/145564099`]: [403, '<h1>403 ERROR</h1>'] as const,
      [`${SITE}/`]: [403, '<h1>403 ERROR</h1>'] as const,
      'backend.deviantart.com/oembed': [404, recordings.text('oembed/2021-04-04.oembed-404-a.html')] as const,
    }
    const told = await dryRun(HOSTS, served, 'deviantart:145564099')
    expect(told.events.at(-1)).toMatchObject({ event: 'end', exit: 4, targets: [{ code: 'Gone' }] })
  })
})
