import type { LoopKernel, Step } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { apply, index, load, operandsOf, planOf, runOnCpu } from '../plans.testing.ts'

const size = 2500
const [float32, int32] = [
  { dtype: 'float32' as const, size },
  { dtype: 'int32' as const, size },
]

function gather(dtype: 'float32' | 'int32', operand: number, offset: number): Step {
  return { op: 'gather', dtype, operand, index: index(0, []), offset, within: [] }
}

/** Runs a program over a table of floats (operand 0) and a permutation (operand 1). */
async function run(program: readonly Step[]): Promise<number[]> {
  const output = program.at(-1)?.dtype === 'int32' ? int32 : float32
  const stores = [{ value: program.length - 1, operand: 2, index: index(0, [1]) }]
  const kernel: LoopKernel = {
    kind: 'map',
    label: 'gather',
    axes: [size],
    outer: 1,
    operands: operandsOf(float32, int32, output),
    stages: [{ over: 'outer', program, reductions: [], stores }],
  }
  const [got = []] = await runOnCpu(planOf([kernel], [float32, int32], [output]), [table, places])
  return Array.from(got)
}

const table = Float32Array.from({ length: size }, (_, k) => k / 2)
const places = Int32Array.from({ length: size }, (_, k) => (k * 7 + 3) % size)
const place = (k: number) => places[k] ?? 0
const each = (value: (k: number) => number) => Array.from({ length: size }, (_, k) => value(k))

test('offsets stay in their register until they are read for the last time', async () => {
  const last: Step = { op: 'constant', dtype: 'int32', value: size - 1 }
  const program = [
    load('int32', 1, [1]),
    last,
    apply('int32', 'sub', 1, 0),
    // These would take the register of the offsets if it were free.
    apply('int32', 'add', 0, 0),
    apply('int32', 'add', 3, 3),
    gather('float32', 0, 2),
    apply('float32', 'cast', 4),
    apply('float32', 'add', 5, 6),
  ]
  expect(await run(program)).toEqual(each((k) => (size - 1 - place(k)) / 2 + 4 * place(k)))
})

test('places of places', async () => {
  const zero: Step = { op: 'constant', dtype: 'int32', value: 0 }
  // A result may take the register of its offsets.
  const program = [
    load('int32', 1, [1]),
    zero,
    apply('int32', 'add', 0, 1),
    gather('int32', 1, 2),
    gather('int32', 1, 3),
  ]
  expect(await run(program)).toEqual(each((k) => place(place(place(k)))))
})
