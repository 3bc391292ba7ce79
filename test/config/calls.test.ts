import { describe, expect, it } from 'vitest'
import { faultOf, load } from './loading.ts'

describe('the environment', () => {
  it.each([
    [{ BOWERBIRD_JBOS: '4' }, 'BOWERBIRD_JBOS: no such setting; did you mean BOWERBIRD_JOBS?'],
    [{ BOWERBIRD_DRY_RUN: '1' }, 'BOWERBIRD_DRY_RUN: this is said for one call only: --dry-run'],
    [
      { BOWERBIRD_QUEUE: 'redis://x' },
      'BOWERBIRD_QUEUE: this is of a later version; this version collects in one process: leave it out',
    ],
    [{ BOWERBIRD_JOBS: 'x' }, 'BOWERBIRD_JOBS: cannot be "x"; it takes a whole number, at least 1'],
    [{ BOWERBIRD_FSYNC: 'perhaps' }, 'BOWERBIRD_FSYNC: cannot be "perhaps"; it takes true or false'],
  ])('refuses %j', async (env, message) => {
    const fault = await faultOf(load({ env }))
    expect({ code: fault.code, message: fault.message }).toEqual({ code: 'Config', message })
  })

  it('leaves others alone', async () => {
    expect(
      (await load({ env: { BOWERBIRD_SHARED: '/x', BOWERBIRD_CHECK_FAILED: 'x', BOWERBIRDS: 'x', OTHER: '1' } })).jobs,
    ).toBe(24)
  })
})

describe('the flags', () => {
  it.each([
    [{ jobs: 'x' }, '--jobs: cannot be "x"; it takes a whole number, at least 1'],
    [{ print: 'all' }, '--print: cannot be "all"; it takes one of url, path, json'],
    [
      { to: 's3://bucket/x' },
      '--to: this version cannot use "s3://bucket/x"; this version stores in folders: name one with --to DIR',
    ],
    [
      { connectTo: ['a:b'] },
      '--connect-to: cannot be ["a:b"]; it takes HOST1:PORT1:HOST2:PORT2, where HOST1 and PORT1 may be empty, or a list of such',
    ],
    [{ option: ['imgur'] }, '--option: "imgur" is not of the form SOURCE.NAME=VALUE, such as imgur.gif=mp4'],
    [{ option: ['imgur.gif=x'] }, expect.stringMatching(/^--option imgur.gif: imgur.gif cannot be "x": /)],
    [{ option: ['imgr.gif=x'] }, '--option imgr.gif: there is no source "imgr"; did you mean "imgur"?'],
  ])('refuses %j', async (flags, message) => {
    const fault = await faultOf(load({ flags }))
    expect({ code: fault.code, message: fault.message }).toEqual({ code: 'Usage', message })
  })
})
