import { describe, expect, it } from 'vitest'
import { readBing } from './bing-page.ts'

const FROM = 'https://www.bing.com/images/search?q=cat&first=1&form=HDRSC2'

function link(m: unknown, href = ''): string {
  const json = JSON.stringify(m).replaceAll('"', '&quot;')
  return `<li><a class="iusc" m="${json}" href="${href}"></a></li>`
}

function container(items: string, next?: string): string {
  return `<div class="dgControl dtl"${next === undefined ? '' : ` data-nextUrl="${next}"`}><ul>${items}</ul></div>`
}

describe('readBing', () => {
  it('reads a result with all that is told of it', async () => {
    const m = {
      murl: 'https://a.example/cat.webp?v=1',
      turl: 'https://ts1.mm.bing.net/th?id=OIP.1',
      purl: 'https://a.example/cats',
      t: 'A \uE000cat\uE001 & dog',
      desc: 'More of it',
      mid: 'ABC',
    }
    const page = await readBing(container(link(m, '/images/search?view=detailV2&amp;expw=1200&amp;exph=800'), ''), FROM)
    expect(page).toEqual({
      kind: 'results',
      results: [
        {
          id: 'ABC',
          url: 'https://a.example/cat.webp?v=1',
          thumbnail: 'https://ts1.mm.bing.net/th?id=OIP.1',
          referer: 'https://a.example/cats',
          meta: {
            title: 'A cat & dog',
            description: 'More of it',
            page: 'https://a.example/cats',
            width: 1200,
            height: 800,
          },
        },
      ],
    })
  })

  it('passes over the cards of suggested searches', async () => {
    const card = `<div class="clustCards">${container(link({ murl: 'https://a.example/other.jpg' }), '')}</div>`
    const page = await readBing(
      card + container(link({ murl: 'https://a.example/1.jpg' }), '/images/async?first=36'),
      FROM,
    )
    expect(page).toMatchObject({ results: [{ url: 'https://a.example/1.jpg' }], next: '/images/async?first=36' })
  })

  it('goes on where the page says, and nowhere where it says nothing more comes', async () => {
    const item = link({ murl: 'https://a.example/1.jpg' })
    expect(await readBing(container(item, '/images/async?q=cat&amp;first=36&amp;count=35'), FROM)).toMatchObject({
      next: '/images/async?q=cat&first=36&count=35',
    })
    expect(await readBing(container(item, ''), FROM)).not.toHaveProperty('next')
  })

  it('counts images, not pages, where a fragment does not say how to go on', async () => {
    const items = link({ murl: 'https://a.example/1.jpg' }) + link({ murl: 'https://a.example/2.jpg' })
    const from = 'https://www.bing.com/images/async?q=cat&first=36&count=35&async=1'
    expect(await readBing(items, from)).toMatchObject({ next: '/images/async?q=cat&first=38&count=35&async=1' })
  })

  it('passes over one result that cannot be read, and names the place where none can', async () => {
    const broken = '<a class="iusc" m="{&quot;murl&quot;:"></a>'
    expect(await readBing(container(broken + link({ murl: 'https://a.example/1.jpg' }), ''), FROM)).toMatchObject({
      results: [{ url: 'https://a.example/1.jpg' }],
    })
    expect(await readBing(container(broken, ''), FROM)).toEqual({ kind: 'unknown-layout', where: 'a.iusc[m]' })
  })

  it('takes a page with its search box and no image for no result', async () => {
    expect(await readBing('<form><input id="sb_form_q" value="qqqq"></form><p>Nothing</p>', FROM)).toEqual({
      kind: 'none',
    })
    expect(await readBing(container('', ''), FROM)).toEqual({ kind: 'none' })
    expect(await readBing('<input id="sb_form_q"><div id="bnp_container">', FROM)).toEqual({ kind: 'none' })
    expect(await readBing('\n', 'https://www.bing.com/images/async?q=cat&first=36')).toEqual({ kind: 'none' })
    expect(await readBing('', FROM)).toEqual({ kind: 'unknown-layout', where: 'body' })
  })

  it('takes a page that shows images in another way for another layout, not for no result', async () => {
    const page = `<input id="sb_form_q"><p>${'Text. '.repeat(50)}</p><img src="https://th.bing.com/th/id/OIP.abc?w=197">`
    expect(await readBing(page, FROM)).toMatchObject({ kind: 'unknown-layout' })
  })
})
