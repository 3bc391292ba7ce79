/**
 * `npm run build`: what the published package runs. Node strips no types below node_modules, so JavaScript and
 * declarations of src and replicas go to dist, and files of other kinds are copied beside them.
 */
import { spawnSync } from 'node:child_process'
import { chmod, cp, glob, rm } from 'node:fs/promises'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const COMMAND = 'dist/src/cli/main.js'

await rm(resolve(ROOT, 'dist'), { recursive: true, force: true })
const compiler = resolve(ROOT, 'node_modules/typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' })
if (status !== 0) process.exit(1)

for await (const entry of glob('{src,replicas}/**/*', { cwd: ROOT, withFileTypes: true })) {
  if (!entry.isFile() || /(?<!\.d)\.ts$|\.md$/.test(entry.name)) continue
  const from = resolve(entry.parentPath, entry.name)
  await cp(from, from.replace(ROOT, resolve(ROOT, 'dist')))
}
await chmod(resolve(ROOT, COMMAND), 0o755)
