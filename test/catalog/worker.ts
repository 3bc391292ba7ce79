/**
 * A process that collects into a catalog until it is killed: `worker.ts FILE PAGES`. Each page has 20 assets and a next
 * ref; some assets are claimed and stored. A line `committed N` on standard output follows each commit.
 */
import { openCatalog } from '../../src/adapters/catalog/sqlite/open.ts'
import { listed, next, storedAs } from '../contracts/catalog-bench.ts'

const [file = '', pages = '1'] = process.argv.slice(2)
const catalog = await openCatalog({ file, durable: false, busySeconds: 20 })
const { id: run } = await catalog.runs.begin({ targets: ['imgur:r/funny'] })
const root = { source: 'imgur', route: 'subreddit', params: { name: 'funny' } }
const target = await catalog.frontier.open({ text: 'imgur:r/funny', root, named: true }, { run, mode: 'visit' })
let position = target.listed

for (let page = 0; page < Number(pages); page += 1) {
  const [ref] = await catalog.frontier.take(target.id, run, 1)
  if (ref === undefined) break
  const assets = Array.from({ length: 20 }, (_, index) =>
    listed({
      key: `imgur:${position + index + 1}`,
      position: position + index + 1,
      candidates: [{ url: `https://i.example.org/${index}?token=t${position}`, quality: 'full' }],
    }),
  )
  position += 20
  const rows = await catalog.frontier.commit(ref, { assets, refs: [next(ref.page + 1)], strategy: 'json' })
  const claimed = await catalog.assets.claim(
    rows.slice(0, 15).map((row) => row.id),
    run,
  )
  await catalog.assets.settle(
    claimed.slice(0, 10).map((asset) => storedAs(asset)),
    run,
  )
  process.stdout.write(`committed ${position}\n`)
}
await new Promise((resolve) => setTimeout(resolve, 60_000))
