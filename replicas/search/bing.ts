import { file, html } from '../harness/answers.ts'
import type { Answer, Request } from '../harness/replica.ts'
import type { Router } from '../harness/router.ts'
import { escape } from './markup.ts'
import { dataUrl, ENDLESS, pagesOf, PICTURES, THUMBNAIL } from './pictures.ts'
import type { Picture } from './pictures.ts'
import { wallPage } from './walls.ts'

export const BING_HOSTS = ['www.bing.com', 'bing.com', 'ts1.mm.bing.net'] as const

/** Images of a page of the replica, counted from 1 as `first` counts them. */
const PAGE = 3

/** The page and its fragments. Of fragments no answer is recorded: here they are the same container without the page around it. */
export function addBing(router: Router): void {
  router.get('www.bing.com', '/images/search', (request) => answer(request, (body) => page(request, body)))
  router.get('www.bing.com', '/images/async', (request) => answer(request, (body) => html(body)))
  router.get('ts1.mm.bing.net', '/th', () => file(THUMBNAIL))
}

function answer({ url }: Request, around: (body: string) => Answer): Answer {
  const keyword = url.searchParams.get('q') ?? ''
  const pages = pagesOf(keyword)
  const number = Math.floor((Number(url.searchParams.get('first') ?? 1) - 1) / PAGE)
  if (pages.length === 0) return wallPage(keyword) ?? around('')
  const last = pages.length - 1
  const endless = keyword === ENDLESS
  const results = pages[endless ? Math.min(number, last) : number] ?? []
  const next = number < last || endless ? nextAddress(url, number + 1) : ''
  return around(container(results, next, number))
}

function nextAddress(url: URL, number: number): string {
  const parameters = new URLSearchParams(url.search)
  parameters.set('first', String(number * PAGE + 1))
  parameters.set('count', String(PAGE))
  parameters.set('mmasync', '1')
  parameters.delete('form')
  return `/images/async?${parameters.toString()}`
}

function page({ url }: Request, body: string): Answer {
  const query = escape(url.searchParams.get('q') ?? '')
  return html(
    `<!DOCTYPE html><html lang="en"><head><title>${query} - Search Images</title></head><body>` +
      `<form action="/images/search" id="sb_form"><input id="sb_form_q" name="q" value="${query}"></form>` +
      `<div id="b_content"><div id="vm_c"><div class="dg_b">${body}</div></div></div></body></html>`,
  )
}

function container(pictures: readonly Picture[], next: string, number: number): string {
  const items = pictures.map((picture, index) => item(picture, number * PAGE + index))
  const cards = number === 0 ? suggestions() : ''
  return (
    `<div id="mmComponent_images_2" class="dgControl dtl hover" data-nextUrl="${escape(next)}" data-layout="row">` +
    `<ul data-row = 0 class="dgControl_list">${items.join('')}</ul>${cards}</div>`
  )
}

/** Cards of another search: their images are none of this one. */
function suggestions(): string {
  const { sixth } = PICTURES
  const m = { sid: '', cturl: '', cid: '', purl: '', murl: 'https://images.bower.example/full/other.jpg', turl: '' }
  return (
    '<div class="disamClust"><div class="clustTit">Bower art</div><div class="clustCards">' +
    '<div id="mmComponent_images_3" class="dgControl dtl" data-nextUrl=""><ul class="dgControl_list"><li>' +
    `<a class="iusc" aria-label="${escape(sixth.title)}" m="${escape(JSON.stringify(m))}" href="/images/search?view=detailV2"></a>` +
    '</li></ul></div></div></div>'
  )
}

function item(picture: Picture, position: number): string {
  const { slug, title, url, page: purl, width, height, served } = picture
  const turl =
    served.kind === 'thumbnail' ? dataUrl(served.media) : `https://ts1.mm.bing.net/th?id=OIP.${slug}&pid=15.1`
  const m = {
    sid: '',
    cturl: '',
    cid: slug.slice(0, 8),
    purl,
    murl: url,
    turl,
    md5: '00000000000000000000000000000000',
    shkey: '',
    t: title.replace(/bower(?!bird)/gi, '\uE000$&\uE001'),
    mid: slug.toUpperCase(),
    desc: title,
  }
  const detail =
    `/images/search?view=detailV2&ccid=${m.cid}&id=${m.mid}&thid=OIP.${slug}&mediaurl=${encodeURIComponent(url)}` +
    `&exph=${height}&expw=${width}&selectedIndex=${position}`
  return (
    `<li data-idx="${position + 1}"><div class="iuscp"><div class="imgpt">` +
    `<a class="iusc" role="link" m="${escape(JSON.stringify(m))}" href="${escape(detail)}"><img class="mimg" alt=""></a>` +
    `<div class="img_info hon"><span class="nowrap">${width}&#215;${height}</span></div></div></div></li>`
  )
}
