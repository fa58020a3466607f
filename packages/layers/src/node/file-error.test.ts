import { describe, expect, test } from 'vitest'
import { toFileError } from './file-error.ts'

describe('the message', () => {
  const systemError = (code: string) => Object.assign(new Error(`${code}: raw`), { code })

  test.each([
    ['write', 'EACCES', 'Cannot write w.bin: permission denied.'],
    ['write', 'ENOENT', 'Cannot write w.bin: its folder does not exist.'],
    ['read', 'ENOENT', 'Cannot read w.bin: it does not exist.'],
    ['read', 'EIO', 'Cannot read w.bin: EIO: raw.'],
  ] as const)('of %s with %s', (action, code, message) => {
    const cause = systemError(code)
    const error = toFileError(action, 'w.bin', cause)
    expect(error.message).toBe(message)
    expect(error.cause).toBe(cause)
  })

  test('is not wrapped twice', () => {
    const error = toFileError('read', 'w.bin', systemError('EIO'))
    expect(toFileError('write', 'other', error)).toBe(error)
  })
})
