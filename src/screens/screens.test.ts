import { describe, expect, it } from 'vitest'
import type { ScreenedFile } from '../core/screen.ts'
import { parseScreens, SCREENS } from './screens.ts'

const PICTURE: ScreenedFile = {
  key: 'direct:1',
  bytes: 5000,
  sha256: 'ab',
  mime: 'image/jpeg',
  extension: 'jpg',
  kind: 'image',
  width: 800,
  height: 600,
  twin: () => Promise.resolve(undefined),
}

async function keeps(screen: string, file: Partial<ScreenedFile> = {}): Promise<boolean> {
  const [made] = parseScreens([screen])
  return (await made?.judge({ ...PICTURE, ...file }))?.keep ?? false
}

function sizeless(kind: ScreenedFile['kind']): ScreenedFile {
  const { width: _width, height: _height, ...rest } = PICTURE
  return { ...rest, kind }
}

describe('every screen', () => {
  it.for(SCREENS)('$name takes its own example and says what it is', ({ name, usage, example, about }) => {
    expect(parseScreens([example])[0]?.name).toBe(name)
    expect(usage.startsWith(name)).toBe(true)
    expect(about).toMatch(/\.$/)
  })

  it('keeps the order it was given in', () => {
    const names = parseScreens(['duplicates', ' min-size=1x1', 'TYPE=png']).map((screen) => screen.name)
    expect(names).toEqual(['duplicates', 'min-size', 'type'])
  })

  it.for([
    [
      'min-sice=3x4',
      'there is no screen "min-sice=3x4"; there are: type, min-size, duplicates',
      'did you mean "min-size"?',
    ],
    ['faces>=0.8', 'there is no screen "faces>=0.8"; there are: type, min-size, duplicates', undefined],
    ['', 'there is no screen ""; there are: type, min-size, duplicates', undefined],
    ['min-size', 'the screen min-size needs an argument: write min-size=WxH', 'for example: --screen min-size=800x600'],
    ['min-size=800', 'the screen min-size does not understand "=800": write min-size=WxH', undefined],
    ['min-size>=8x8', 'the screen min-size does not understand ">=8x8": write min-size=WxH', undefined],
    ['min-size=-1x5', 'the screen min-size does not understand "=-1x5": write min-size=WxH', undefined],
    ['type=', 'the screen type does not understand "=": write type=TYPE[,TYPE…]', undefined],
    ['type=png,', 'the screen type does not understand "=png,": write type=TYPE[,TYPE…]', undefined],
    ['type=jepg', 'the screen type knows no type "jepg"', 'did you mean "jpg"?'],
    ['type=constructor', 'the screen type knows no type "constructor"', undefined],
    ['duplicates=yes', 'the screen duplicates does not understand "=yes": write duplicates', undefined],
  ] as const)('is a usage fault: %s', ([text, message, advice]) => {
    const evidence = advice === undefined ? {} : { evidence: { advice } }
    expect(() => parseScreens([text])).toThrow(expect.objectContaining({ code: 'Usage', message, ...evidence }))
  })
})

describe('min-size', () => {
  it('demands both sides', async () => {
    expect(await keeps('min-size=800x600')).toBe(true)
    expect(await keeps('min-size=801x600')).toBe(false)
    expect(await keeps('min-size = 800 X 601')).toBe(false)
  })

  it('rejects a picture without a known size and keeps everything else without one', async () => {
    const [screen] = parseScreens(['min-size=1x1'])
    if (screen === undefined) throw new Error('no screen')
    const kinds = ['image', 'video', 'audio', 'archive', 'other'] as const
    const verdicts = await Promise.all(kinds.map((kind) => screen.judge(sizeless(kind))))
    expect(verdicts.map((verdict) => verdict.keep)).toEqual([false, true, true, true, true])
  })

  it('looks at films whose size is known', async () => {
    expect(await keeps('min-size=1920x1080', { kind: 'video' })).toBe(false)
  })
})

describe('type', () => {
  it('goes by type, by its other name, or by kind', async () => {
    expect(await keeps('type=jpeg,png')).toBe(true)
    expect(await keeps('type=JPG')).toBe(true)
    expect(await keeps('type=image')).toBe(true)
    expect(await keeps('type=png, webp')).toBe(false)
    expect(await keeps('type=video')).toBe(false)
  })
})

describe('duplicates', () => {
  it('rejects what the library has, and says where', async () => {
    const [screen] = parseScreens(['duplicates'])
    const twin = () => Promise.resolve('imgur/a.jpg')
    expect(await screen?.judge(PICTURE)).toEqual({ keep: true })
    expect(await screen?.judge({ ...PICTURE, twin })).toEqual({
      keep: false,
      reason: 'the same bytes are stored as imgur/a.jpg',
    })
  })
})
