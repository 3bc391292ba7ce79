import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { fillWithPictures } from './support/gallery.ts'
import { Scene } from './support/scene.ts'

const FILES = 20
const ROWS = 80_000
const LISTED = 10_000
/** Megabytes of JavaScript objects, with room for a garbage collector that comes late on a busy machine. */
const HEAP = { through: ['env', 'NODE_OPTIONS=--max-old-space-size=64'] }

/** Runs SQL on the catalog, past its rules. */
function sql(scene: Scene, statements: string): void {
  const db = new DatabaseSync(join(scene.library.root, '.bowerbird/catalog.db'))
  db.exec(`pragma foreign_keys = off; begin; ${statements}; commit`)
  db.close()
}

function lines(text: string): number {
  return text.split('\n').length - 1
}

test('row 42: a catalog of 80,000 files and a list of 10,000 fit into 64 MB of objects', async () => {
  const scene = await Scene.open()
  await fillWithPictures(scene, FILES)
  expect((await scene.run([scene.site.url('/[1-10].jpg'), '-q'], HEAP)).status).toBe(0)
  sql(
    scene,
    `with recursive n (i) as (select 1000 union all select i + 1 from n where i < ${999 + ROWS})
      insert into assets (id, key, source, route, state, folder, stem, place, position, named, candidates, meta, secret, listed)
      select i, 'direct:' || i, 'direct', 'file', 'stored', 'many', i, -i, i, 0, '[]', '{"title":"number ' || i || '"}', 0, 0 from n;
    insert into files (asset, path, bytes, sha256, mime, kind, url, stored)
      select id, 'many/' || stem || '.jpg', 1000, zeroblob(32), 'image/jpeg', 'image', 'http://site.test/' || stem, 0
      from assets where folder = 'many'`,
  )
  const found = await scene.run(['find', '--json'], HEAP)
  expect([found.status, lines(found.stdout)], found.stderr).toEqual([0, 10 + ROWS])
  const planned = await scene.run([scene.site.url(`/[1-${LISTED}].jpg`), '--dry-run', '--print', 'url', '-q'], HEAP)
  expect([planned.status, lines(planned.stdout)], planned.stderr).toEqual([0, LISTED - 10])
  expect((await scene.run([scene.site.url(`/[1-${FILES}].jpg`), '-q'], HEAP)).status).toBe(0)
  sql(scene, `delete from files where path like 'many/%'; delete from assets where folder = 'many'`)
  expect(await scene.check({ states: { stored: FILES } })).toEqual([])
})
