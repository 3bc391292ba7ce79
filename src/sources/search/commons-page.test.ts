import { describe, expect, it } from 'vitest'
import { answerSchema, mergePages, readPages } from './commons-page.ts'

function answer(value: unknown): ReturnType<typeof answerSchema.parse> {
  return answerSchema.parse(value)
}

const INFO = { url: 'https://upload.wikimedia.org/wikipedia/commons/a/ab/A.jpg', mediatype: 'BITMAP' }

describe('mergePages', () => {
  it('puts answers of one batch together and into the order of the results', () => {
    const first = answer({
      query: {
        pages: [
          { pageid: 2, title: 'File:B.jpg', index: 2, imageinfo: [INFO] },
          { pageid: 1, title: 'File:A.jpg', index: 1 },
        ],
      },
    })
    const second = answer({
      query: {
        pages: [
          { pageid: 1, title: 'File:A.jpg', index: 1, imageinfo: [INFO] },
          { pageid: 2, title: 'File:B.jpg', index: 2 },
        ],
      },
    })
    expect(mergePages([first, second]).map(({ pageid, imageinfo }) => [pageid, imageinfo?.length])).toEqual([
      [1, 1],
      [2, 1],
    ])
  })

  it('reads both versions of the interface', () => {
    const old = answer({
      batchcomplete: '',
      query: { pages: { '7': { pageid: 7, title: 'File:A.jpg', imageinfo: [INFO] } } },
    })
    expect([mergePages([old])[0]?.pageid, old.batchcomplete]).toEqual([7, ''])
  })
})

describe('readPages', () => {
  it('takes the original, with whom to credit and how it may be used', async () => {
    const value = (text: string | number) => ({ value: text, source: 'commons-desc-page' })
    const page = {
      pageid: 5,
      title: 'Datei:Night in Nice (1891).jpg',
      imageinfo: [
        {
          ...INFO,
          descriptionurl: 'https://commons.wikimedia.org/wiki/File:A.jpg',
          thumburl: 'https://thumb.wikimedia.org/a/330px-A.jpg',
          width: 100,
          height: 50,
          size: 999,
          mime: 'image/jpeg',
          sha1: 'aa',
          extmetadata: {
            Artist: value('<bdi><a href="https://a.example">Jeff &amp; Brian</a></bdi>\nfrom Eastbourne'),
            DateTimeOriginal: value('1891<div style="display: none;">date QS:P,+1891-00-00T00:00:00Z/9</div>'),
            LicenseShortName: value('CC BY 2.0'),
            LicenseUrl: value('//creativecommons.org/licenses/by/2.0'),
            Categories: value('Nice|Night'),
            CommonsMetadataExtension: value(1.2),
          },
        },
      ],
    }
    expect(await readPages(mergePages([answer({ query: { pages: [page] } })]))).toEqual([
      {
        id: '5',
        url: INFO.url,
        quality: 'original',
        thumbnail: 'https://thumb.wikimedia.org/a/330px-A.jpg',
        meta: {
          author: 'Jeff & Brian from Eastbourne',
          credit: 'Jeff & Brian from Eastbourne',
          rights: 'CC BY 2.0',
          licenseUrl: 'https://creativecommons.org/licenses/by/2.0',
          date: '1891',
          tags: ['Nice', 'Night'],
          page: 'https://commons.wikimedia.org/wiki/File:A.jpg',
          width: 100,
          height: 50,
          bytes: 999,
          mime: 'image/jpeg',
          sha1: 'aa',
          filename: 'Night in Nice (1891)',
        },
      },
    ])
  })

  it('passes over sounds, films, and pages without a file', async () => {
    const pages = [
      { pageid: 1, title: 'File:A.wav', imageinfo: [{ ...INFO, mediatype: 'AUDIO' }] },
      { pageid: 2, title: 'File:A.webm', imageinfo: [{ ...INFO, mediatype: 'VIDEO' }] },
      { title: 'File:Gone.jpg', missing: true },
      { pageid: 3, title: 'File:A.svg', imageinfo: [{ ...INFO, mediatype: 'DRAWING', extmetadata: [] }] },
    ]
    expect((await readPages(mergePages([answer({ query: { pages } })]))).map(({ id }) => id)).toEqual(['3'])
  })
})
