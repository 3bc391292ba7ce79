import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

test('every test and page that SECURITY.md names is there', async () => {
  const text = await readFile(resolve(ROOT, 'SECURITY.md'), 'utf8')
  const named = [...text.matchAll(/`((?:src|test|scripts)\/[^`]+)`|\]\(([^)]+)\)/g)].map(
    ([, path, link]) => path ?? link ?? '',
  )
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([])
})
