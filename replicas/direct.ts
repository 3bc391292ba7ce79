import { directKey } from '../src/kit/keys.ts'
import { file, html, redirect } from './harness/answers.ts'
import type { Media, Still } from './harness/media.ts'
import type { Expected, Replica } from './harness/replica.ts'
import { Router } from './harness/router.ts'

/** Single files as strangers serve them: odd names, odd headers, types that lie. Made up. */
const HOST = 'files.example'
const CDN = 'cdn.files.example'

function still(format: Still['format'], seed: number): Still {
  return { format, width: 200, height: 150, seed: 300 + seed }
}

const PHOTO = still('jpeg', 1)
const UMBRELLA = still('png', 2)
const DISGUISED = still('png', 3)
const DOWNLOAD = still('webp', 4)
const MOVED = still('jpeg', 5)
const FIRST = still('jpeg', 6)
const SECOND = still('jpeg', 7)
const FILM: Media = { format: 'mp4', width: 160, height: 120, seed: 308 }
const BRACKETS = still('gif', 9)

const PICTURES: Readonly<Record<string, Media>> = {
  'harbour.jpg': PHOTO,
  'red umbrella (1).png': UMBRELLA,
  '[1].gif': BRACKETS,
}

function stored(url: string, media: Media): Expected {
  return { files: { [directKey(url)]: media } }
}

function failed(url: string, code: string): Expected {
  return { files: {}, failed: { [directKey(url)]: code } }
}

const LOGIN = html('<!doctype html><title>Log in</title><form><input name=user></form>')

export const replica: Replica = {
  name: 'direct',
  hosts: [HOST, CDN],
  make: () =>
    new Router()
      .get(HOST, '/pictures/:name', ({ params }) => {
        const media = PICTURES[params['name'] ?? '']
        return media === undefined ? undefined : file(media)
      })
      .get(HOST, '/lies.jpg', () => file(DISGUISED, { headers: { 'content-type': 'image/jpeg' } }))
      .get(HOST, '/download', () =>
        file(DOWNLOAD, {
          headers: {
            'content-type': 'application/octet-stream',
            'content-disposition': "attachment; filename*=UTF-8''gr%C3%BCn.webp",
            etag: null,
            'last-modified': null,
          },
        }),
      )
      .get(HOST, '/moved.jpg', () => redirect(`https://${CDN}/a/b.jpg`, 301))
      .get(CDN, '/a/b.jpg', () => file(MOVED))
      .get(HOST, '/signed.jpg', ({ url }) => file(url.searchParams.get('key') === '2' ? SECOND : FIRST))
      .get(HOST, '/film.mp4', () => file(FILM, { headers: { 'content-type': 'binary/octet-stream' } }))
      .get(HOST, '/login.jpg', () => LOGIN)
      .get(HOST, '/empty.jpg', () => ({ status: 200, headers: { 'content-type': 'image/jpeg' }, body: '' }))
      .get(HOST, '/loop.jpg', () => redirect('/loop.jpg')).handler,
  targets: [
    {
      target: `https://${HOST}/pictures/harbour.jpg#top`,
      expected: stored(`https://${HOST}/pictures/harbour.jpg`, PHOTO),
      demo: true,
    },
    {
      target: `${HOST}/pictures/red umbrella (1).png`,
      expected: stored(`https://${HOST}/pictures/red%20umbrella%20(1).png`, UMBRELLA),
    },
    {
      target: String.raw`https://files.example/pictures/\[1\].gif`,
      expected: stored(`https://${HOST}/pictures/[1].gif`, BRACKETS),
    },
    { target: `https://${HOST}/lies.jpg`, expected: stored(`https://${HOST}/lies.jpg`, DISGUISED) },
    {
      target: `https://${HOST}/download?id=7`,
      expected: stored(`https://${HOST}/download?id=7`, DOWNLOAD),
      demo: true,
    },
    { target: `https://${HOST}/moved.jpg`, expected: stored(`https://${HOST}/moved.jpg`, MOVED) },
    { target: `https://${HOST}/signed.jpg?key=1`, expected: stored(`https://${HOST}/signed.jpg?key=1`, FIRST) },
    { target: `https://${HOST}/signed.jpg?key=2`, expected: stored(`https://${HOST}/signed.jpg?key=2`, SECOND) },
    { target: `https://${HOST}/film.mp4`, expected: stored(`https://${HOST}/film.mp4`, FILM), demo: true },
    { target: `direct:https://${HOST}/login.jpg`, expected: failed(`https://${HOST}/login.jpg`, 'Html') },
    { target: `https://${HOST}/gone.jpg`, expected: failed(`https://${HOST}/gone.jpg`, 'Gone') },
    { target: `https://${HOST}/empty.jpg`, expected: failed(`https://${HOST}/empty.jpg`, 'Empty') },
    { target: `https://${HOST}/loop.jpg`, expected: failed(`https://${HOST}/loop.jpg`, 'Redirect') },
  ],
  faults: {
    'cut-short': {
      about: 'the connection breaks in the middle: the file is whole all the same',
      mishaps: [{ on: `${HOST}/pictures/harbour.jpg`, times: 1, does: { kind: 'cut', after: 1000 } }],
      target: `https://${HOST}/pictures/harbour.jpg`,
      expected: stored(`https://${HOST}/pictures/harbour.jpg`, PHOTO),
    },
  },
}
