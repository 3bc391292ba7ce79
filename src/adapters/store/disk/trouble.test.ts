import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { Fault } from '../../../core/errors.ts'
import { diskFault, errorCode } from './trouble.ts'

function systemError(code: string, syscall = 'write'): Error {
  return Object.assign(new Error(`${code}: it went wrong, ${syscall}`), { code, syscall })
}

test.each([
  ['ENOSPC', 'DiskFull'],
  ['EDQUOT', 'DiskFull'],
  ['EROFS', 'DiskRefused'],
  ['EACCES', 'DiskRefused'],
  ['ENOTDIR', 'DiskRefused'],
  ['EIO', 'DiskFault'],
  ['ENAMETOOLONG', 'NameRefused'],
  ['EMFILE', 'DiskRefused'],
  ['EFBIG', 'TooLarge'],
  ['EWHATEVER', 'DiskFault'],
])('%s is a %s, and says what to do about which path', (code, fault) => {
  const thrown = diskFault(systemError(code), 'write', '/library/a.jpg')
  expect(thrown.code).toBe(fault)
  expect(thrown.message).toContain('cannot write /library/a.jpg: ')
  expect(thrown.evidence.advice).not.toBe('')
})

test('error numbers that Node has no name for are known all the same', () => {
  const errno = -constants.errno.EDQUOT
  const thrown = Object.assign(new Error('link'), { code: `Unknown system error ${errno}`, errno, syscall: 'link' })
  expect([errorCode(thrown), diskFault(thrown, 'publish', 'a').code]).toEqual(['EDQUOT', 'DiskFull'])
})

test('an invalid argument is a bad name where a name was given, and a fault of the disk elsewhere', () => {
  expect(diskFault(systemError('EINVAL', 'open'), 'make', 'a:b').code).toBe('NameRefused')
  expect(diskFault(systemError('EINVAL', 'write'), 'make', 'a:b').code).toBe('DiskFault')
})

test('a fault stays what it is', () => {
  const fault = new Fault('Damaged', 'the part was changed')
  expect(diskFault(fault, 'publish', 'x')).toBe(fault)
})
