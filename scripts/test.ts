/** `npm test`: the static checks, then every suite; both run to their end, and either may fail the whole. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { audited } from './audit.ts'

const ROOT = resolve(import.meta.dirname, '..')

function run(args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  return spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status === 0
}

const checked = run(['scripts/check.ts'], process.env)
const safe = process.env['CI'] !== 'true' || audited()
const verdict = checked ? {} : { BOWERBIRD_CHECK_FAILED: 'npm run check failed, see the beginning of this output' }
const tested = run(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], { ...process.env, ...verdict })
if (!checked || !safe || !tested) process.exitCode = 1
