import { expect, test } from 'vitest'
import { jsonLines } from '../cli/support.ts'
import { picture, place, sendPicture, serve } from './support.ts'

/** Links that would mean something to the user's own command line. */
const LINKS = [
  '/{1..999999999}.jpg',
  '/[1-9].jpg',
  '/a.jpg#__smuggled={"proxy":"http://127.0.0.1:1"}',
  '/b.jpg?--proxy=http://127.0.0.1:1',
  '/c.jpg&quot; -o /tmp/x',
  'file:///etc/passwd#.jpg',
  'page:/d.jpg',
]

test('what a page links to is asked for as it is written: no ranges, no options, no other schemes', async () => {
  const bytes = await picture(1)
  const site = await serve((request, response) => {
    if (request.url !== '/page') sendPicture(response, bytes)
    else
      response.writeHead(200, { 'content-type': 'text/html' }).end(LINKS.map((link) => `<img src="${link}">`).join(''))
  })
  const { run } = await place()
  const ended = await run('get', `http://me:pa55@127.0.0.1:${site.port}/page`, '--json')
  expect(ended.status, ended.stderr).toBe(0)
  const asked = site.seen.map(({ path }) => path).toSorted()
  expect(asked).toEqual([
    '/%7B1..999999999%7D.jpg',
    '/[1-9].jpg',
    '/a.jpg',
    '/b.jpg?--proxy=http://127.0.0.1:1',
    '/c.jpg%22%20-o%20/tmp/x',
    '/page',
  ])
  // Neither where the files lie nor whom the page was asked by came from the page.
  for (const { path } of jsonLines(ended.stdout).filter(({ event }) => event === 'stored'))
    expect(String(path)).toMatch(/^127\.0\.0\.1\/[^/]+\.jpg$/)
  for (const { headers } of site.seen.filter(({ path }) => path !== '/page')) {
    expect(headers.referer).toBe(`http://127.0.0.1:${site.port}/page`)
    expect(JSON.stringify(headers)).not.toContain('pa55')
  }
})
