import { describe, expect, it } from 'vitest'
import type { Inspection } from '../../core/files.ts'
import type { AssetRules } from '../../core/source.ts'
import { judge } from './expect.ts'

const JPEG: Inspection = { mime: 'image/jpeg', extension: 'jpg', kind: 'image', width: 3, height: 2 }
const ZIP: Inspection = { mime: 'application/zip', extension: 'zip', kind: 'archive' }
const TEXT: Inspection = { mime: 'text/plain', extension: 'txt', kind: 'other' }
const PROGRAM: Inspection = { mime: 'application/x-msdownload', extension: 'exe', kind: 'other' }
const UNKNOWN: Inspection = { mime: 'application/octet-stream', extension: '', kind: 'other' }
const PAGE: Inspection = {
  mime: 'text/html',
  extension: 'html',
  kind: 'other',
  damage: { code: 'Html', why: 'a web page came in place of the file' },
}

function code(inspection: Inspection, rules: AssetRules = {}, url = 'https://example.org/a/1', contentType?: string) {
  return judge(inspection, rules, { url, sha256: 'ab12', ...(contentType !== undefined && { contentType }) })?.code
}

describe('judge', () => {
  it('takes any media file where nothing was promised', () => {
    expect([code(JPEG), code(ZIP)]).toEqual([undefined, undefined])
  })

  it('refuses another kind than was promised', () => {
    expect(code(JPEG, { expect: 'archive' })).toBe('WrongType')
    expect(code(ZIP, { expect: 'archive' })).toBeUndefined()
    expect(code(UNKNOWN, { expect: 'image' })).toBe('WrongType')
    expect(code(TEXT, { expect: 'other' })).toBeUndefined()
  })

  it('hands on what the inspection found, and where', () => {
    const fault = judge({ ...JPEG, damage: { code: 'Damaged', why: 'it is cut off' } }, {}, { url: 'x', sha256: '' })
    expect(fault).toMatchObject({ code: 'Damaged', message: 'image/jpeg: it is cut off', evidence: { url: 'x' } })
    expect(code(PAGE)).toBe('Html')
  })

  it('never takes a program, whatever was promised', () => {
    expect(code(PROGRAM)).toBe('WrongType')
    expect(code(PROGRAM, { expect: 'other' })).toBe('WrongType')
  })

  it('takes a text only where the URL names one', () => {
    expect(code(TEXT)).toBe('WrongType')
    expect(code(TEXT, {}, 'https://example.org/notes.txt?v=2')).toBeUndefined()
  })

  it('takes unknown bytes unless URL or header promise media', () => {
    expect(code(UNKNOWN)).toBeUndefined()
    expect(code(UNKNOWN, {}, 'https://example.org/a.JPG?v=2')).toBe('WrongType')
    expect(code(UNKNOWN, {}, undefined, 'image/jpeg')).toBe('WrongType')
    expect(code(UNKNOWN, {}, undefined, 'application/octet-stream')).toBeUndefined()
  })

  it('knows pictures for removed images by digest and by where they lie', () => {
    expect(code(JPEG, { placeholder: { sha256: ['AB12'] } })).toBe('Placeholder')
    const rules = { placeholder: { finalUrl: ['/removed.png'] } }
    expect(code(JPEG, rules, 'https://i.example.org/removed.png?1')).toBe('Placeholder')
    expect(code(JPEG, rules)).toBeUndefined()
  })
})
