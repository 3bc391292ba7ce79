import { directKey } from '../src/kit/keys.ts'
import { file, html } from './harness/answers.ts'
import { makeMedia } from './harness/media.ts'
import type { Media } from './harness/media.ts'
import type { Answer, Expected, Replica, Request } from './harness/replica.ts'
import { Router } from './harness/router.ts'
import { CDN, HOST, INLINE, MEDIA, PAGES } from './page/pages.ts'

/** What the pages lead to: by the URL of the best version, the file that must be stored for it. */
async function inlineUrl(): Promise<string> {
  const { bytes } = await makeMedia(INLINE)
  return `data:image/png;base64,${bytes.toString('base64')}`
}

const inline = await inlineUrl()

/** Paths on the page's host unless they name another; a pair where a worse version must do. */
function expected(...urls: readonly (string | readonly [string, string])[]): Expected {
  const files = urls.map((entry): readonly [string, Media] => {
    const [best, stored] = typeof entry === 'string' ? [entry, entry] : entry
    return [directKey(new URL(best, `https://${HOST}`).href), stored.startsWith('data:') ? INLINE : mediaAt(stored)]
  })
  return { files: Object.fromEntries(files) }
}

function mediaAt(url: string): Media {
  const media = MEDIA[new URL(url, `https://${HOST}`).pathname]
  if (media === undefined) throw new Error(`the replica has no ${url}`)
  return media
}

function picture({ url, headers }: Request): Answer | undefined {
  const media = MEDIA[url.pathname]
  if (media === undefined) return undefined
  // The content host serves its pictures to visitors of the blog alone.
  if (url.hostname === CDN && headers['referer'] !== `https://${HOST}/`) return { status: 403, body: 'no hotlinking' }
  return file(media)
}

function page({ url }: Request): Answer | undefined {
  const markup = PAGES[url.pathname]
  return typeof markup === 'string' ? html(markup.replaceAll('INLINE', inline)) : markup
}

export const replica: Replica = {
  name: 'page',
  hosts: [HOST, CDN],
  make: () => new Router().get('*', '/*path', (request) => page(request) ?? picture(request)).handler,
  targets: [
    {
      target: `https://${HOST}/forms.html`,
      expected: expected(
        '/img/plain.jpg',
        '/img/wide-1200.jpg',
        '/img/scene.avif',
        '/img/full.jpg',
        '/img/lazy.jpg',
        '/img/noscript.jpg',
        '/img/film.mp4',
        '/img/poster.jpg',
        '/img/button.png',
        '/img/style.png',
        '/img/inline-style.png',
        `https://${CDN}/img/hosted.jpg`,
        inline,
        '/img/preview.jpg',
      ),
      demo: true,
    },
    { target: `page:https://${HOST}/wiki.html`, expected: expected(['/wiki/File:Owl.jpg', '/img/thumb.jpg']) },
    { target: `page:https://${HOST}/base.html`, expected: expected('/img/plain.jpg') },
    { target: `https://${HOST}/rubbish.html`, expected: expected('/img/plain.jpg', '/img/full.jpg') },
    {
      target: `page:https://${HOST}/set/index.html`,
      options: { 'page.depth': '1' },
      expected: expected('/img/plain.jpg', '/img/full.jpg', '/files/download'),
    },
    {
      target: `page:https://${HOST}/set/index.html`,
      options: { 'page.depth': '2' },
      expected: expected('/img/plain.jpg', '/img/full.jpg', '/files/download', '/img/lazy.jpg'),
    },
    { target: `page:https://${HOST}/empty.html`, expected: { files: {} } },
  ],
}
