import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { HAVE_SUITES, suiteFiles, WHY_SKIPPED } from '../verify/access.ts'
import { pictureOf } from './support/gallery.ts'
import { Round } from './support/round.ts'
import { Scene } from './support/scene.ts'

/** Archives that are kept packed, with a warning that says why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'zip-slip.zip': /leads outside/,
  'zip-slip-win.zip': /leads outside/,
  'symlink.zip': /link or a device/,
  'symlink-etc-passwd.zip': /link or a device/,
  'traditional-encryption.zip': /encrypted/,
  'absolute path C xt.zip': /leads outside/,
  'invalid relative path xt.zip': /leads outside/,
  'unexpected EOF.zip': /kept packed/,
  'unsupported compression method 1.zip': /unknown method/,
  'too many bytes in the stream expected 82496 got at least 98304.zip': /kept packed/,
  'bomb.zip': /grow to more than/,
  'many.zip': /10001 entries/,
}

/** Its bytes end before what its directory says. */
const DAMAGED = 'file data overflows file bounds 63 2147483647 308.zip'

async function zipped(entries: readonly (readonly [string, Buffer])[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of entries) zip.addBuffer(bytes, name)
  zip.end()
  return buffer(zip.outputStream)
}

let scene: Scene
let round: Round

/** Everything that was unpacked: it has no row of its own. */
function unpacked(): readonly string[] {
  return scene.library.names.filter((name) => name.split('/').length > 2)
}

function put(name: string, bytes: Buffer): string {
  const path = `/${encodeURIComponent(name)}`
  scene.site.on(path, { headers: { 'content-type': 'application/zip' }, body: scene.hold(path, bytes) })
  return scene.site.url(path)
}

describe.skipIf(!HAVE_SUITES)(`archives that attack${WHY_SKIPPED}`, () => {
  beforeAll(async () => {
    scene = await Scene.lasting()
    const files = suiteFiles('zip').filter(({ path }) => [...Object.keys(REFUSED), DAMAGED].includes(basename(path)))
    const urls = files.map(({ path }) => put(basename(path), readFileSync(path)))
    const { bytes } = await pictureOf(1)
    urls.push(
      put('bomb.zip', await zipped([['zeros.bmp', Buffer.alloc(24 * 1024 ** 2)]])),
      put('many.zip', await zipped(Array.from({ length: 10_001 }, (_, at) => [`${at}.txt`, Buffer.alloc(0)]))),
      put(
        'twins.zip',
        await zipped([
          ['a.png', bytes],
          ['A.PNG', (await pictureOf(5)).bytes],
          ['sub/b.png', bytes],
        ]),
      ),
    )
    const args = [...urls.map((url) => `direct:${url}`), '--extract', '--retries', '0']
    round = await Round.run(scene, args, { opaque: ['.zip'], states: { stored: urls.length - 1, failed: 1 } })
  })

  afterAll(() => scene.close())

  test.each(Object.entries(REFUSED))(
    'row 50: %s is kept as it is and not unpacked, with the reason',
    (name, reason) => {
      const notes = round.events.flatMap((event) => (event.event === 'note' ? [event.message] : []))
      const stem = name.slice(0, -'.zip'.length)
      expect(round.of(`/${encodeURIComponent(name)}`)).toBe('stored')
      expect(notes.filter((note) => reason.test(note)).length).toBeGreaterThan(0)
      expect(existsSync(join(scene.library.root, '127.0.0.1', stem))).toBe(false)
    },
  )

  test('row 50: names that are the same for some file systems are kept apart; nothing else was unpacked, no link made', async () => {
    expect(unpacked()).toEqual(['127.0.0.1/twins/A~2.png', '127.0.0.1/twins/a.png', '127.0.0.1/twins/sub/b.png'])
    expect([round.status, round.of(`/${encodeURIComponent(DAMAGED)}`)]).toEqual([3, 'Damaged'])
    expect(await scene.check({ opaque: ['.zip'], foreign: unpacked() })).toEqual([])
    expect(readdirSync(join(scene.library.root, '..'))).toEqual(['library'])
    expect(existsSync('/tmp/evil.txt')).toBe(false)
    const all = readdirSync(scene.library.root, { recursive: true, encoding: 'utf8' })
    expect(all.filter((path) => lstatSync(join(scene.library.root, path)).isSymbolicLink())).toEqual([])
  })
})
