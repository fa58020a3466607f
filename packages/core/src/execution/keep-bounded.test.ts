import { expect, test } from 'vitest'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import '../methods.ts'
import { tensor } from '../creation/tensor.ts'
import { compile } from '../runtime/compile.ts'
import { setBackend } from './current-backend.ts'

test('a loop that never reads is computed piece by piece', async () => {
  const backend = new NaiveBackend()
  await setBackend(backend)
  let x = tensor([1, 2])
  for (let i = 0; i < 5000; i++) x = x.add(1)
  expect(backend.runs.length).toBe(2)
  expect(await x.array()).toEqual([5001, 5002])
})

test('a function that is being traced is left whole', async () => {
  const backend = new NaiveBackend()
  await setBackend(backend)
  const step = compile((x: ReturnType<typeof tensor>) => {
    let y = x
    for (let i = 0; i < 2500; i++) y = y.add(1)
    return y
  })
  const y = step(tensor([1]))
  expect(backend.runs.length).toBe(1)
  expect(await y.item()).toBe(2501)
})
