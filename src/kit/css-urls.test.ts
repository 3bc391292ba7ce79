import { describe, expect, it } from 'vitest'
import { cssUrls } from './css-urls.ts'

describe('cssUrls', () => {
  it.each([
    ['background: url(a.jpg)', ['a.jpg']],
    ['background:URL( "a b.jpg" ) no-repeat, url(\'c.png\')', ['a b.jpg', 'c.png']],
    ['background-image:image-set(url(a.png) 1x, url(b.png) 2x)', ['a.png', 'b.png']],
    ['/* url(no.png) */ .a{background:url(yes.png)}', ['yes.png']],
    ['@import url(other.css); @font-face { src: url(f.woff2) } .a{background:url(yes.png)}', ['yes.png']],
    [String.raw`background:url(a\(1\).png)`, ['a(1).png']],
    [String.raw`background:url("\61 b.png")`, ['ab.png']],
    ['background:url(data:image/png;base64,AA==)', ['data:image/png;base64,AA==']],
    ['fill:url(#gradient)', []],
    ['background:url()', []],
    ['background:url(a b.png)', []],
    ['background:url("a.png', []],
    ['color:red', []],
  ])('%s names %j', (css, urls) => {
    expect(cssUrls(css)).toEqual(urls)
  })

  it('takes no noticeable time for hostile text', () => {
    const start = process.threadCpuUsage()
    for (const text of [
      'url('.repeat(5e4),
      '/*'.repeat(5e4),
      'url("'.repeat(2e4),
      `url(${'\\'.repeat(1e5)}`,
      '@import '.repeat(2e4),
      '@font-face '.repeat(2e4),
    ]) {
      cssUrls(`url(a) ${text}`)
    }
    expect(process.threadCpuUsage(start).user).toBeLessThan(1_000_000)
  })
})
