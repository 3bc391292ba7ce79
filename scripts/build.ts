/**
 * `npm run build`: what the published package runs. The program is bundled with the packages it needs, because finding
 * and reading some five hundred small modules takes longer than all the rest of a start; the replicas likewise, for
 * `bowerbird demo`. Declarations of the sources stand beside.
 *
 *     dist/program/     main.js (the command), index.js (the library), what runs in threads and processes of its own,
 *                       and what these share or load late
 *     dist/replicas/    one module per site
 *     dist/types/       declarations
 *     dist/LICENSES.md  licences of the packages inside
 */
import { spawnSync } from 'node:child_process'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { bundle, writeBundle } from './bundle.ts'
import { licencesOf } from './licences.ts'

const ROOT = resolve(import.meta.dirname, '..')
const DIST = resolve(ROOT, 'dist')

await rm(DIST, { recursive: true, force: true })
const compiler = resolve(ROOT, 'node_modules/typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' })
if (status !== 0) process.exit(1)

const bundled = await bundle()
await writeBundle(bundled, DIST)
await writeFile(resolve(DIST, 'LICENSES.md'), await licencesOf(bundled.modules))
await chmod(resolve(DIST, 'program/main.js'), 0o755)
