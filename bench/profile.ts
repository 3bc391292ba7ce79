/**
 * `node bench/profile.ts [FILES] [FLAG…]`: a CPU profile of bowerbird in scenario (a), and the functions that took
 * most of it. The profile is for the developer tools of a browser.
 */
import { glob, mkdir, readFile, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { openShelf } from './corpus/shelf.ts'
import { collect } from './peers/bowerbird.ts'
import { aligned } from './report/table.ts'
import { lap } from './scenarios/lap.ts'
import { startServer } from './server/start.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

const WORK = resolve(import.meta.dirname, '../.bench')
const PROFILES = join(WORK, 'profiles')
const SHOWN = 30

/** The parts of the format that are used: times in microseconds. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

async function profile(workplace: Workplace, items: number, flags: readonly string[]): Promise<void> {
  const [shelf, server] = [await openShelf('pictures'), await startServer({ shelf: 'pictures', items }, workplace)]
  try {
    const output = join(workplace.folder, 'output')
    const job = { origin: server.origin, shelf, items, list: '', output, scratch: workplace.folder, known: false }
    const nodeFlags = ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`]
    const expected = { folder: output, files: items, bytes: items * shelf.bytes }
    const run = await lap(collect(job, flags, nodeFlags), workplace, server, expected)
    console.log(
      `${items} files: ${run.wall.toFixed(2)} s, ${(run.user + run.system).toFixed(2)} CPU s ${run.problem ?? ''}`,
    )
  } finally {
    await server.close()
  }
}

/** Microseconds of each function itself, the most expensive first. */
function costs({ nodes, samples, timeDeltas }: Profile): [string, number][] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place = url === '' ? '' : ` ${url.replace(/^.*\/(?=(?:dist|node_modules)\/)/, '')}:${lineNumber + 1}`
      return [id, `${functionName || '(anonymous)'}${place}`]
    }),
  )
  const sums = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? 'unknown'
    sums.set(name, (sums.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  }
  return [...sums].toSorted(([, one], [, other]) => other - one)
}

const [files = '10000', ...flags] = process.argv.slice(2)
await rm(PROFILES, { recursive: true, force: true })
await mkdir(PROFILES, { recursive: true })
const workplace = await openWorkplace(WORK)
try {
  await profile(workplace, Number(files), flags.length > 0 ? flags : ['--no-fsync'])
} finally {
  await workplace.close()
}
for await (const name of glob('*.cpuprofile', { cwd: PROFILES })) {
  const file = join(PROFILES, name)
  const found = costs(JSON.parse(await readFile(file, 'utf8')) as Profile)
  const total = found.reduce((sum, [, time]) => sum + time, 0)
  console.log(`\n${relative(process.cwd(), file)}`)
  const rows = found
    .slice(0, SHOWN)
    .map(([what, time]) => [what, `${(time / 1000).toFixed(0)} ms`, `${((time / total) * 100).toFixed(1)} %`])
  console.log(aligned(rows).join('\n'))
}
