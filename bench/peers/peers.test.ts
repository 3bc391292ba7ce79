import { expect, test } from 'vitest'
import type { Shelf } from '../corpus/shelf.ts'
import { readShebang } from './bowerbird.ts'
import { curl } from './curl.ts'
import { readVersion } from './installed.ts'
import type { Job } from './peer.ts'

test('how the installed command starts Node', () => {
  expect(readShebang('#!/usr/bin/env -S A=1 B_=2 node --max-old-space-size=1024 --x\ncode')).toEqual({
    variables: ['A=1', 'B_=2'],
    flags: ['--max-old-space-size=1024', '--x'],
  })
  expect(readShebang('#!/usr/bin/env node\ncode')).toEqual({ variables: [], flags: [] })
})

test('a script that is no command is refused', () => {
  expect(() => readShebang('import x\n#!/usr/bin/env node')).toThrow(/does not begin/)
})

test.each([
  ['aria2 version 1.36.0\nCopyright (C) 2006', '1.36.0'],
  ['GNU Wget2 1.99.1 - multithreaded metalink downloader', '1.99.1'],
  ['GNU parallel 20221122', '20221122'],
  ['1.25.3\n', '1.25.3'],
  ['curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1', '7.88.1'],
  ['', 'unknown'],
])('the version in %j', (said, version) => {
  expect(readVersion(said)).toBe(version)
})

const shelf: Shelf = { name: 'tiny', extension: 'jpg', mime: 'image/jpeg', bytes: 1, every: 1, molds: [] }
const job: Job = { origin: 'http://127.0.0.1:1', shelf, items: 3, list: 'l', output: 'o', scratch: 's', known: true }

test('a curl that knows no --skip-existing cannot do a second run', async () => {
  expect(await curl.command(job, '7.88.1')).toContain('no --skip-existing')
  expect(await curl.command(job, '8.10.0')).toMatchObject({ program: 'curl' })
  expect(await curl.command({ ...job, known: false }, '7.88.1')).toMatchObject({ program: 'curl' })
})
