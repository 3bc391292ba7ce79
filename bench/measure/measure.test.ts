import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorkplace, type Workplace } from '../workplace.ts'
import { measure } from './measure.ts'

/** Uses 0.3 CPU seconds. */
const SPIN = 'while (process.cpuUsage().user < 3e5) for (let turn = 0; turn < 1e5; turn += 1) Math.sin(turn)'

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  let parent: string
  let workplace: Workplace

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'bench-'))
    workplace = await openWorkplace(parent)
  })

  afterEach(async () => {
    await workplace.close()
    await rm(parent, { recursive: true })
  })

  const script = (code: string) => ({ program: process.execPath, args: ['--eval', code] })

  test('CPU time, memory and status of a program', async () => {
    const told = join(parent, 'told')
    const code = `
      const held = Buffer.alloc(128 << 20, 1)
      ${SPIN}
      console.error('held ' + held.length)
      setInterval(() => require('node:fs').existsSync('${told}') && process.exit(3), 20)`
    const measuring = measure(script(code), workplace)
    // It stays until its memory has been looked at, however slow this process is.
    while (!(await readFile(join(workplace.folder, 'said'), 'utf8').catch(() => '')).includes('held'))
      await setTimeout(20)
    await setTimeout(500)
    await writeFile(told, '')
    const measured = await measuring
    expect(measured.status).toBe(3)
    expect(measured.said).toBe(`held ${128 << 20}`)
    expect(measured.user).toBeGreaterThanOrEqual(0.25)
    expect(measured.wall).toBeGreaterThanOrEqual(0.75)
    expect(measured.peak).toBeGreaterThan(128 << 20)
  })

  test('what children used counts, too', async () => {
    const code = `require('node:child_process').execFileSync(process.execPath, ['--eval', ${JSON.stringify(SPIN)}])`
    expect((await measure(script(code), workplace)).user).toBeGreaterThanOrEqual(0.25)
  })

  test('nothing runs on while the place closes', async () => {
    const closing = setTimeout(200).then(() => workplace.close())
    await expect(measure(script('setInterval(() => 1, 1000)'), workplace)).rejects.toThrow(/no CPU time|ENOENT/)
    await closing
  })
})
