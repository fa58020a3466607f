import { once } from 'node:events'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FileError } from './file-error.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const bytes = Uint8Array.from([1, 2, 3])

describe('writing', () => {
  test('makes a new file and nothing else', async () => {
    const path = join(folder, 'new')
    await writeFileAtomic(path, bytes)
    expect([...readFileSync(path)]).toEqual([1, 2, 3])
    expect(readdirSync(folder)).toEqual(['new'])
  })

  test('replaces a file and keeps its permissions', async () => {
    const path = join(folder, 'old')
    writeFileSync(path, 'a much longer text')
    chmodSync(path, 0o600)
    await writeFileAtomic(path, bytes)
    expect([...readFileSync(path)]).toEqual([1, 2, 3])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('writes through a symbolic link', async () => {
    const target = join(folder, 'target')
    const link = join(folder, 'link')
    writeFileSync(target, 'old')
    symlinkSync(target, link)
    await writeFileAtomic(link, bytes)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect([...readFileSync(target)]).toEqual([1, 2, 3])
  })

  test('takes the part of a buffer that a view shows', async () => {
    await writeFileAtomic(join(folder, 'view'), bytes.subarray(1))
    expect([...readFileSync(join(folder, 'view'))]).toEqual([2, 3])
  })

  test('leaves no listener behind', async () => {
    const before = process.listenerCount('exit')
    for (let i = 0; i < 20; i++) await writeFileAtomic(join(folder, 'many'), bytes)
    expect(process.listenerCount('exit')).toBe(before)
  })
})

describe('refusing', () => {
  async function refusal(path: string): Promise<string> {
    const error: unknown = await writeFileAtomic(path, bytes).catch((caught: unknown) => caught)
    if (!(error instanceof FileError)) throw error
    expect(error.path).toBe(path)
    return error.message
  }

  test('a missing folder', async () => {
    const path = join(folder, 'missing', 'file')
    expect(await refusal(path)).toBe(`Cannot write ${path}: its folder does not exist.`)
  })

  test('a folder', async () => {
    expect(await refusal(folder)).toBe(`Cannot write ${folder}: it is a folder.`)
  })

  test('a file as the folder', async () => {
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, 'file', 'inner')
    expect(await refusal(path)).toMatch(/a part of the path is a file, not a folder/)
  })

  test('what is neither file nor folder, such as a socket', async () => {
    const path = join(folder, 'socket')
    const server = createServer().listen(path)
    await once(server, 'listening')
    expect(await refusal(path)).toBe(`Cannot write ${path}: it is not a regular file.`)
    expect(statSync(path).isSocket()).toBe(true)
    server.close()
  })
})

describe('a failure in the middle', () => {
  test('leaves the old file and no temporary one', async () => {
    const path = join(folder, 'old')
    writeFileSync(path, 'old')
    const probe = await open(path)
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    vi.spyOn(Object.getPrototypeOf(probe), 'sync').mockRejectedValue(full)
    await probe.close()
    await expect(writeFileAtomic(path, bytes)).rejects.toThrow(
      `Cannot write ${path}: no space left on the device.`,
    )
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['old'])
  })
})
