/** Nothing that a stranger says becomes code, a command or a module: the places where it could are few, and known. */
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const SRC = resolve(import.meta.dirname, '../../src')
const FILES = globSync('**/*.ts', { cwd: SRC }).filter((file) => !file.endsWith('.test.ts'))

/** `file: line` of every line of the program that fits. */
function lines(pattern: RegExp): readonly string[] {
  return FILES.toSorted().flatMap((file) =>
    readFileSync(resolve(SRC, file), 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
}

describe('the program', () => {
  test('is read as a whole', () => {
    expect(FILES.length).toBeGreaterThan(200)
    expect(lines(/^export const OPTIONS = /).length).toBeGreaterThan(0)
  })

  test('evaluates no text', () => {
    expect(lines(/\beval\s*\(|new Function\b|node:vm\b|\bsetTimeout\(['"`]/)).toEqual([])
  })

  test('starts one program of its own, by its path, without a shell: the decoder (and Playwright the browser)', () => {
    expect(lines(/node:child_process|node:cluster/).map((line) => line.split(':')[0])).toEqual([
      'pixels/child.ts',
      'pixels/child.ts',
    ])
    expect(lines(/\bshell:\s|\b(?:execSync|execFile|execFileSync|spawn|spawnSync)\(/)).toEqual([])
  })

  test('loads modules by names that stand in its source; the demo and the writer of files tell themselves where they lie', () => {
    const loaded = lines(/\bimport\((?!['"])/).map((line) => line.split(':')[0])
    expect([...new Set(loaded)].filter((file) => file !== 'app/demo.ts')).toEqual(['adapters/store/disk/thread.ts'])
    expect(lines(/\brequire\(|createRequire/)).toEqual([])
  })
})
