import { Buffer } from 'node:buffer'
import type { Media, Still } from '../harness/media.ts'
import type { Answer } from '../harness/replica.ts'

/** A blog with its content host, made up: every way a page may show a picture, and some that look like it. */
export const HOST = 'blog.example'
export const CDN = 'cdn.blog.example'

let seed = 400

function still(format: Still['format'], width: number, height: number): Still {
  seed += 1
  return { format, width, height, seed }
}

/** Small enough to stand in a page. */
export const INLINE: Still = { format: 'png', width: 24, height: 24, seed: 490 }

/** Files by path, on both hosts. */
export const MEDIA: Readonly<Record<string, Media>> = {
  '/img/plain.jpg': still('jpeg', 240, 160),
  '/img/wide-300.jpg': still('jpeg', 150, 100),
  '/img/wide-1200.jpg': still('jpeg', 600, 400),
  '/img/scene.avif': still('avif', 320, 200),
  '/img/scene.jpg': still('jpeg', 160, 100),
  '/img/full.jpg': still('jpeg', 480, 320),
  '/img/thumb.jpg': still('jpeg', 96, 64),
  '/img/lazy.jpg': still('jpeg', 300, 200),
  '/img/blank.gif': still('gif', 8, 8),
  '/img/pixel.gif': still('gif', 1, 1),
  '/img/noscript.jpg': still('jpeg', 200, 200),
  '/img/film.mp4': { format: 'mp4', width: 128, height: 96, seed: 491 },
  '/img/poster.jpg': still('jpeg', 128, 96),
  '/img/button.png': still('png', 40, 20),
  '/img/style.png': still('png', 64, 64),
  '/img/inline-style.png': still('png', 72, 64),
  '/img/hosted.jpg': still('jpeg', 220, 140),
  '/img/preview.jpg': still('jpeg', 200, 105),
  '/files/download': still('webp', 210, 140),
}

const FORMS = `<!doctype html>
<html><head>
<title>All forms &ndash; a blog</title>
<meta property="og:title" content="All forms">
<meta property="og:image" content="/img/preview.jpg">
<meta name="author" content="Ann">
<meta property="article:published_time" content="2024-05-06T07:08:09+00:00">
<link rel="icon" href="/img/blank.gif">
<style>@font-face { font-family: x; src: url(/x.woff2) } .hero { background: #fff url("/img/style.png") }</style>
</head><body>
<img src="/img/plain.jpg" alt="A plain picture"><img src="img/plain.jpg#again">
<img src="/img/wide-300.jpg" srcset="/img/wide-300.jpg 300w, /img/wide-1200.jpg 1200w, " sizes="100vw">
<picture><source type="image/avif" srcset="/img/scene.avif"><img src="/img/scene.jpg"></picture>
<figure><a href="/img/full.jpg"><img src="/img/thumb.jpg"></a><figcaption>In full</figcaption></figure>
<img class="lazy" src="/img/blank.gif" data-src="/img/lazy.jpg">
<noscript><img src="/img/noscript.jpg"></noscript>
<video poster="/img/poster.jpg"><source src="/img/film.mp4" type="video/mp4"></video>
<form><input type="image" src="/img/button.png"></form>
<div style="background-image: url('/img/inline-style.png')"></div>
<img src="//${CDN}/img/hosted.jpg">
<img src="INLINE"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<img src="/img/pixel.gif" width="1" height="1"><img src="javascript:void(0)"><img src="http://[bad">
<a href="/empty.html">elsewhere</a> <a href="mailto:ann@blog.example">mail</a>
</body></html>`

/** Markup by path; or a whole answer. */
export const PAGES: Readonly<Record<string, string | Answer>> = {
  '/forms.html': FORMS,
  // The link around the thumbnail looks like a picture and is a page: the thumbnail must do.
  '/wiki.html': '<title>Owl</title><a href="/wiki/File:Owl.jpg"><img src="/img/thumb.jpg"></a>',
  '/wiki/File:Owl.jpg': '<title>File:Owl.jpg</title><p>About this file',
  '/base.html': '<base href="/img/"><title>Base</title><img src=plain.jpg>',
  '/rubbish.html': `<title>Rubbish</title><img src=/img/plain.jpg <p></div></table><a href="/img/full.jpg"><b><i></a><img src="">\u0000<td>&#xFFFFFF;`,
  '/set/index.html':
    '<title>Set</title><a href="one.html">1</a> <a href="two.html#x">2</a> <a href="index.html">self</a> <a href="/files/download">file</a> <a href="https://elsewhere.example/">out</a> <a href="notes.pdf">notes</a>',
  '/set/one.html':
    '<title>One</title><img src="/img/plain.jpg"><a href="index.html">back</a><a href="deep.html">deeper</a>',
  '/set/two.html': {
    headers: { 'content-type': 'text/html' },
    // Shift_JIS, declared by the page alone: a title of two kanji.
    body: Buffer.from('<meta charset=shift_jis><title>\x8e\xca\x90\x5e</title><img src="/img/full.jpg">', 'latin1'),
  },
  '/set/deep.html': '<title>Deep</title><img src="/img/lazy.jpg">',
  '/empty.html': '<title>Nothing</title><p>No pictures here.',
}
