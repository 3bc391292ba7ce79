import { describe, expect, it } from 'vitest'
import { load, loadFile } from './loading.ts'

describe('the plan of a run', () => {
  it('is what the call was told, without secrets, the file, and what is for one call', async () => {
    const { plan } = await loadFile('jobs: 3', {
      env: { BOWERBIRD_RETRIES: '2' },
      flags: {
        dryRun: true,
        to: 'elsewhere',
        verbosity: 'quiet',
        where: 'width > 5',
        proxy: 'http://me:hunter2@h',
        header: ['Cookie: hunter2'],
        range: '5-',
        option: ['imgur.gif=mp4', 'imgur.depth=3', 'imgur.clientSecret=hunter2hunter2'],
      },
    })
    expect(plan).toEqual({
      retries: 2,
      where: 'width > 5',
      range: '5-',
      sources: { imgur: { gif: 'mp4', depth: '3' } },
    })
    expect(JSON.stringify(plan)).not.toContain('hunter2')
  })

  it('gives the same settings again', async () => {
    const flags = {
      where: 'width > 5',
      range: '5-9',
      screen: ['duplicates'],
      maxSize: '4M',
      option: ['imgur.depth=3', 'imgur.folder=x'],
    }
    const first = await load({ flags })
    const again = await load({ earlier: JSON.parse(JSON.stringify(first.plan)) })
    expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(first)))
  })
})
