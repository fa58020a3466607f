import type { Backend, BufferView, SortKernel } from '@tensorweft/core'
import { affine, bytesOf, load, operandsOf, planOf, Random } from '@tensorweft/testkit/plans'
import { expect, test, vi } from 'vitest'
import { wasmWith } from '../wasm-backend.ts'
import { eager } from './eager.testing.ts'
import { type StartThread, waysToStart } from './platform.ts'

vi.mock('./platform.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  canWait: () => false,
}))

function sortPlan(rows: number, length: number) {
  const [from, to] = [
    { dtype: 'float32', size: rows * length } as const,
    { dtype: 'int32', size: rows * length } as const,
  ]
  const kernel: SortKernel = {
    kind: 'sort',
    label: 'argsort',
    axes: [rows, length],
    outer: 1,
    operands: operandsOf(from, to),
    program: [load('float32', 0, affine([length, 1]))],
    descending: false,
    store: { value: 0, operand: 1, index: affine([length, 1]) },
  }
  return planOf({ kernels: [kernel], inputs: [from], outputs: [to] })
}

/** Compiles a sort, starts it, disposes of it at once, and reads what it has sorted. */
async function sortOnce(backend: Backend, rows: number, length: number): Promise<boolean> {
  const byteLength = 4 * rows * length
  const view = (): BufferView => ({
    buffer: backend.allocate(byteLength),
    byteOffset: 0,
    byteLength,
  })
  const [from, to] = [view(), view()]
  const values = new Random(length).floats(rows * length)
  backend.write(from.buffer, bytesOf(values))
  const executable = backend.compile(sortPlan(rows, length))
  executable.run([from], [to], [])
  executable.dispose()
  const places = new Int32Array((await backend.read(to.buffer)).buffer)
  backend.free(from.buffer)
  backend.free(to.buffer)
  return places.every((place, k) => {
    const start = k - (k % length)
    const before = values[start + (places[k - 1] ?? 0)] ?? 0
    return k === start || before <= (values[start + place] ?? 0)
  })
}

test('plans that come and go while others are under way work in scratch memory of their own', async () => {
  let answers = 0
  const ways = waysToStart().map((start): StartThread => {
    return ({ answered, failed }) =>
      start({
        answered: (answer) => {
          answers++
          answered(answer)
        },
        failed,
      })
  })
  const backend = wasmWith({ threads: 3 }, { ...eager, startMilliseconds: 0 }, ways)
  expect(await sortOnce(backend, 2, 100)).toBe(true)
  // Workers start while this thread is at rest; until then it does everything alone.
  await vi.waitFor(async () => {
    await sortOnce(backend, 2, 100)
    expect(answers).toBeGreaterThan(0)
  }, 60_000)
  const before = answers
  for (let round = 0; round < 5; round++) {
    const shapes = [
      [2, 4000],
      [1, 20_000],
      [7, 900],
      [3, 50_000],
      [2, 10],
    ] as const
    const sorted = shapes.map(([rows, length]) => sortOnce(backend, rows, length))
    expect(await Promise.all(sorted)).toEqual(shapes.map(() => true))
  }
  await backend.finish()
  expect(answers - before).toBe(25)
  expect(() => backend.allocate(3 * 2 ** 30)).toThrow('buffers hold 0 and compiled plans 512')
  await backend.dispose()
})
