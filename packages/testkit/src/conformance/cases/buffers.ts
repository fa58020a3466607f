import { type Backend, BackendError, contractVersion, OutOfMemoryError } from '@tensorweft/core'
import type { CaseDefinition } from '../case.ts'
import { checkSame } from '../compare-arrays.ts'
import { check, checkRejects } from '../conformance-error.ts'
import { addOnePlan } from './small-plans.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

async function checkReads(backend: Backend): Promise<void> {
  const buffer = backend.allocate(12)
  backend.write(buffer, bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
  checkSame('all of it', await backend.read(buffer), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  checkSame('from an offset', await backend.read(buffer, 8), [9, 10, 11, 12])
  checkSame('a part', await backend.read(buffer, 4, 4), [5, 6, 7, 8])
  backend.write(buffer, bytes(70, 80, 90, 99), 4)
  checkSame(
    'after a partial write',
    await backend.read(buffer, 0, 12),
    [1, 2, 3, 4, 70, 80, 90, 99, 9, 10, 11, 12],
  )
  backend.free(buffer)
}

async function checkOddSizes(backend: Backend): Promise<void> {
  for (const size of [1, 2, 3, 5, 7, 1021]) {
    const buffer = backend.allocate(size)
    const data = Uint8Array.from({ length: size }, (_, i) => (i * 37) % 251)
    backend.write(buffer, data)
    checkSame(`${size} bytes`, await backend.read(buffer, 0, size), data)
    backend.free(buffer)
  }
  const empty = backend.allocate(0)
  backend.write(empty, bytes())
  check((await backend.read(empty, 0, 0)).byteLength === 0, 'an empty buffer holds bytes')
  backend.free(empty)
}

async function checkCopies(backend: Backend): Promise<void> {
  const buffer = backend.allocate(4)
  const data = bytes(1, 2, 3, 4)
  backend.write(buffer, data)
  data.fill(0)
  const first = await backend.read(buffer)
  checkSame('a write copies at once', first, [1, 2, 3, 4])
  first.fill(9)
  checkSame('a read is a copy', await backend.read(buffer), [1, 2, 3, 4])
  backend.free(buffer)
}

/** write, run, read, write, run, read, free: each read sees what was enqueued before it. */
async function checkOrder(backend: Backend): Promise<void> {
  const executable = backend.compile(addOnePlan(4))
  const [from, to] = [backend.allocate(16), backend.allocate(16)]
  const view = (buffer: object) => ({ buffer, byteOffset: 0, byteLength: 16 })
  const reads: Promise<Uint8Array>[] = []
  for (const value of [10, 20, 30]) {
    backend.write(from, new Uint8Array(new Float32Array(4).fill(value).buffer))
    executable.run([view(from)], [view(to)], [])
    reads.push(backend.read(to))
  }
  backend.write(to, new Uint8Array(16))
  backend.free(from)
  const values = (await Promise.all(reads)).map((read) => new Float32Array(read.slice().buffer)[3])
  checkSame('reads between runs', values.map(Number), [11, 21, 31])
  checkSame('after the last write', await backend.read(to), new Uint8Array(16))
  await backend.finish()
  backend.free(to)
  executable.dispose()
}

async function checkErrors(backend: Backend): Promise<void> {
  const buffer = backend.allocate(8)
  await checkRejects('a read past the end', BackendError, () => backend.read(buffer, 4, 8))
  await checkRejects('a write past the end', BackendError, () =>
    backend.write(buffer, new Uint8Array(8), 4),
  )
  await checkRejects('a foreign buffer', BackendError, () => backend.read({}, 0, 0))
  backend.free(buffer)
  await checkRejects('a read after free', BackendError, () => backend.read(buffer))
  await checkRejects('a write after free', BackendError, () => backend.write(buffer, bytes(1)))
  const plan = addOnePlan(4)
  await checkRejects('a plan of another version', BackendError, () =>
    backend.compile({ ...plan, version: (contractVersion + 1) as typeof contractVersion }),
  )
}

async function checkExhaustion(backend: Backend): Promise<void> {
  const { maxBufferByteLength } = backend.capabilities
  await checkRejects('more than a buffer can hold', OutOfMemoryError, () =>
    backend.allocate(maxBufferByteLength + 4),
  )
  const buffer = backend.allocate(4)
  backend.write(buffer, bytes(1, 2, 3, 4))
  checkSame('after that', await backend.read(buffer), [1, 2, 3, 4])
  backend.free(buffer)
}

async function checkDisposal(backend: Backend): Promise<void> {
  const buffer = backend.allocate(4)
  const executable = backend.compile(addOnePlan(1))
  await backend.dispose()
  await checkRejects('allocate after dispose', BackendError, () => backend.allocate(4))
  await checkRejects('read after dispose', BackendError, () => backend.read(buffer))
  await checkRejects('compile after dispose', BackendError, () => backend.compile(addOnePlan(1)))
  // Finalisers may still run for what the program held.
  backend.free(buffer)
  executable.dispose()
  await backend.dispose()
}

async function checkExecutableDisposal(backend: Backend): Promise<void> {
  const executable = backend.compile(addOnePlan(1))
  const buffer = backend.allocate(4)
  const view = { buffer, byteOffset: 0, byteLength: 4 }
  executable.dispose()
  executable.dispose()
  await checkRejects('run after dispose', BackendError, () => executable.run([view], [view], []))
  backend.free(buffer)
}

/** Memory and order. */
export const bufferCases: readonly CaseDefinition[] = [
  {
    name: 'buffers: bytes are read as they were written',
    body: ({ backend }) => checkReads(backend),
  },
  { name: 'buffers: any size, none too', body: ({ backend }) => checkOddSizes(backend) },
  { name: 'buffers: writes and reads copy', body: ({ backend }) => checkCopies(backend) },
  {
    name: 'buffers: write, run, read and free keep their order',
    body: ({ backend }) => checkOrder(backend),
  },
  { name: 'buffers: wrong uses throw BackendError', body: ({ backend }) => checkErrors(backend) },
  {
    name: 'buffers: more than there is throws OutOfMemoryError, and the next call works',
    body: ({ backend }) => checkExhaustion(backend),
  },
  {
    name: 'buffers: a disposed backend refuses, and frees without complaint',
    body: async ({ create }) => checkDisposal(await create()),
  },
  {
    name: 'buffers: a disposed executable refuses',
    body: ({ backend }) => checkExecutableDisposal(backend),
  },
]
