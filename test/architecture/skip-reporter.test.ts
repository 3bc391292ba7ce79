import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

const CONFIG = `
  import { SkipReporter } from '${resolve(ROOT, 'test/skip-reporter.ts')}'
  export default { test: { include: ['*.check.ts'], reporters: ['default', new SkipReporter()] } }
`
const SUITE = `
  import { describe, expect, it } from 'vitest'
  it('adds', () => expect(1 + 1).toBe(2))
  it('gives up', ({ skip }) => skip('no server here'))
  describe.skip('records (skipped without ../shared)', () => {
    it('are read', () => {})
    it('are whole', () => {})
  })
`

describe('the end of a test run', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-reporter-'))
    await symlink(resolve(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'vitest.config.js'), CONFIG)
    await writeFile(join(folder, 'some.check.ts'), SUITE)
    return () => rm(folder, { recursive: true, force: true })
  })

  function vitest(
    environment: NodeJS.ProcessEnv,
  ): Promise<{ readonly status: number; readonly lines: readonly string[] }> {
    const args = [resolve(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder]
    const env = { ...process.env, CI: '', BOWERBIRD_SHARED: join(folder, 'absent'), ...environment }
    return new Promise((settle) => {
      const child = execFile(process.execPath, args, { cwd: folder, env }, (_, stdout) =>
        settle({ status: child.exitCode ?? -1, lines: stdout.trimEnd().split('\n') }),
      )
    })
  }

  it('names the skipped tests with their reasons, and counts in the last line', async () => {
    const { status, lines } = await vitest({})
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 3 skipped')
    expect(lines).toContain('skipped 1: some.check.ts > gives up (no server here)')
    expect(lines).toContain('skipped 2: some.check.ts > records (skipped without ../shared)')
    expect(status).toBe(0)
  })

  it('takes a skip for a failure under CI, but not for want of ../shared', async () => {
    const { status, lines } = await vitest({ CI: 'true' })
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 2 skipped')
    expect(status).toBe(1)
  })

  it('believes no test that ../shared is missing when it is there', async () => {
    const { status, lines } = await vitest({ CI: 'true', BOWERBIRD_SHARED: folder })
    expect(lines.at(-1)).toBe('1 passed, 3 failed, 0 skipped')
    expect(status).toBe(1)
  })

  it('says that the checks before it failed', async () => {
    const { lines } = await vitest({ BOWERBIRD_CHECK_FAILED: 'the check failed' })
    expect(lines.at(-2)).toBe('the check failed')
  })
})
