import { describe, expect, test } from 'vitest'
import { Fault } from '../../core/errors.ts'
import { readPage } from './web-page.ts'

const FROM = 'https://imgur.com/AbC1234'
const POST = {
  id: 'AbC1234',
  is_album: false,
  title: 'It\'s "quoted" \\ and </script>-like é',
  media: [{ id: 'AbC1234', ext: 'jpeg', width: 3, height: 2 }],
}

describe('a page of imgur', () => {
  test.each([
    ['a text in double quotes', JSON.stringify(JSON.stringify(POST))],
    ['slashes behind backslashes', JSON.stringify(JSON.stringify(POST)).replaceAll('/', String.raw`\/`)],
    [
      'a text in double quotes with needless backslashes',
      JSON.stringify(JSON.stringify(POST)).replaceAll("'", String.raw`\'`),
    ],
    [
      'a text in single quotes',
      `'${JSON.stringify(POST)
        .replaceAll('\\', '\\\\')
        .replaceAll("'", String.raw`\'`)}'`,
    ],
  ])('holds its post as %s', (_name, literal) => {
    const entry = readPage(`<script>var a = "x"; window.postDataJSON=${literal}</script><p>"</p>`, FROM)
    expect(entry).toEqual({
      kind: 'picture',
      picture: { id: 'AbC1234', extension: 'jpg', animated: false, title: POST.title, width: 3, height: 2 },
    })
  })

  test('of the old layout holds an object behind item, whatever stands in its texts', () => {
    const item = {
      id: 1,
      hash: 'AbC12',
      title: 'a } brace and a \\" quote {',
      is_album: true,
      num_images: '1',
      album_images: { count: 1, images: [{ hash: 'XyZ1234', ext: '.png' }] },
    }
    const entry = readPage(
      `<script>window.runSlots = { config: {}, item: ${JSON.stringify(item)}, other: {} };</script>`,
      FROM,
    )
    expect(entry).toEqual({
      kind: 'album',
      album: {
        id: 'AbC12',
        title: item.title,
        count: 1,
        pictures: [{ id: 'XyZ1234', extension: 'png', animated: false }],
      },
    })
  })

  test.each([
    ['SiteChanged', '<html><script>window.other = 1</script></html>'],
    ['SiteChanged', '<script>window.postDataJSON="{broken"</script>'],
    ['SiteChanged', String.raw`<script>window.postDataJSON="\x7b"</script>`],
    ['NeedsLogin', '<a class="btn-wall--yes">I am over 18</a>'],
  ])('%s: %s', (code, html) => {
    try {
      readPage(html, FROM)
      expect.unreachable()
    } catch (thrown) {
      expect(thrown instanceof Fault && thrown.code).toBe(code)
    }
  })
})
