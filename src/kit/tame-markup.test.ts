import { describe, expect, it } from 'vitest'
import { Fault } from '../core/errors.ts'
import { elements, loadHtml } from './html.ts'
import { tameMarkup } from './tame-markup.ts'

function many(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join('')
}

describe('markup', () => {
  it.each([
    '<!doctype html><p>a<p>b<img src=a.jpg><ul><li>c<li>d</ul>',
    many(400, () => '<div>') + many(60, () => '<p><b>') + many(60, () => '</b>'),
    many(5000, (at) => `<li><b>${at}</b><br><img src="${at}.jpg">`),
    '<img alt="a > b" title=\'<b>\' src=a.jpg / width=3>',
  ])('that people write stays as it is', (markup) => {
    expect(tameMarkup(markup)).toBe(markup)
  })

  it('that is nested without end is flat behind a depth, and loses no pictures or links', async () => {
    const $ = await loadHtml(many(3000, (at) => `<div><a href="/${at}"><img src="${at}.jpg">`))
    expect($('img').length).toBe(3000)
    // The standard repeats a link that another one interrupts.
    const links = elements($, 'a[href], area[href]').map((link) => link.attr('href'))
    expect(new Set(links).size).toBe(3000)
    expect($('div').length).toBeLessThanOrEqual(512)
  })

  it('goes on as it was behind the end of what was too deep', async () => {
    const deep = `${many(600, () => '<i>')}x${many(600, () => '</i>')}<div id="after"><b>y</b></div>`
    const $ = await loadHtml(`<div>${deep}</div>`)
    expect($('#after > b').text()).toBe('y')
  })

  it('whose formatting never ends is not repeated in every paragraph', async () => {
    const $ = await loadHtml(many(1000, (at) => `<div><i id=${at}></div>`) + many(2000, () => '<p>x'))
    expect($('*').length).toBeLessThan(200_000)
  })

  it.each([
    ['too many elements', many(200_001, () => '<br>')],
    ['an element of too many attributes', `<img ${many(1001, (at) => ` a${at}`)}>`],
  ])('with %s is refused', (_what, markup) => {
    expect(() => tameMarkup(markup)).toThrow(Fault)
  })
})
