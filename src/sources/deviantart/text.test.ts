import { expect, test } from 'vitest'
import { illustrationsOf } from './text.ts'

const PAGE = 'https://www.deviantart.com/a/journal/B-7'
const HOST = 'https://images-wixmp-ed30a86b8c4ca887773594c2.wixmp.com'

test('HTML: its pictures, and the works that thumbnails lead to; no smileys, avatars or blurred ones', async () => {
  const markup = `<div>
    <img src="${HOST}/f/9ad8/d8foa93-8e1fade9-1853-4644-af82-2ec21590bf94.jpg?token=t">
    <a href="https://www.deviantart.com/c/art/Other-12"><img src="${HOST}/f/1/d1-22222222-1.jpg/v1/fit/w_1,h_1,q_70,strp/x-150.jpg"></a>
    <img data-embed-type="deviation" data-embed-id="34" src="https://t00.deviantart.net/x.jpg">
    <img data-embed-type="emoticon" data-embed-id="56" src="https://e.deviantart.net/emoticons/s/smile.gif">
    <img src="https://a.deviantart.net/avatars/a.jpg"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
    <img src="${HOST}/f/1/d2-33333333-1.jpg/v1/fill/w_1,h_1,q_70,strp,blur_30/x.jpg?token=t">
    <img src="https://example.org/picture.png?id=1"><img src="https://example.org/picture.png?id=2">
  </div>`
  const { extras, linked, embedded } = await illustrationsOf(markup, 7, PAGE)
  expect(extras.map(({ media, files }) => [media, files.candidates.map(({ url }) => url)])).toEqual([
    ['8e1fade9', [`${HOST}/f/9ad8/d8foa93-8e1fade9-1853-4644-af82-2ec21590bf94.jpg?token=t`]],
    [expect.stringMatching(/^[0-9a-f]{16}$/), ['https://example.org/picture.png?id=1']],
    [expect.stringMatching(/^[0-9a-f]{16}$/), ['https://example.org/picture.png?id=2']],
  ])
  expect([linked, embedded]).toEqual([[12, 34], []])
})

test('JSON of the newer editors: every work that stands in it, however deep, in its order', async () => {
  const work = (deviationId: number): object => ({
    deviationId,
    media: {},
    textContent: { inner: { deviationId: 99, media: {} } },
  })
  const document = {
    content: [{ attrs: { deviation: work(1) } }, [{ a: { b: [work(2)] } }], { attrs: { deviation: null } }],
  }
  const { embedded } = await illustrationsOf(JSON.stringify(document), 7, PAGE)
  expect(embedded).toEqual([work(1), work(2)])
})

test('JSON that is nested without end does not end the program', async () => {
  const { embedded } = await illustrationsOf(`${'['.repeat(5000)}${']'.repeat(5000)}`, 7, PAGE)
  expect(embedded).toEqual([])
})

test.each(['', '  ', '{"broken', 'plain words'])('"%s" has none', async (markup) => {
  expect(await illustrationsOf(markup, 7, PAGE)).toEqual({ extras: [], linked: [], embedded: [] })
})
