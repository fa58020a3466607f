import { afterEach, describe, expect, test } from 'vitest'
import { setBackend, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { callerIn, originOf, rememberOrigins } from './origin.ts'

afterEach(() => rememberOrigins(false))

describe('originOf', () => {
  test('is the line of the program that made the tensor, through methods and composites', async () => {
    await setBackend(new NaiveBackend())
    rememberOrigins(true)
    const x = tensor([1, 2])
    const y = x.softmax()
    for (const node of [x.node, y.node]) {
      expect(originOf(node)).toMatch(/^\/.*graph\/origin\.test\.ts:\d+:\d+$/)
    }
  })

  test('is not known while nobody asks for it', () => {
    expect(originOf(tensor([1]).node)).toBeUndefined()
  })
})

describe('callerIn', () => {
  test('reads stacks of all engines and leaves out the framework', () => {
    const chrome = `Error: made here
    at noteOrigin (https://site.dev/node_modules/@tensorweft/core/dist/graph/origin.js:18:21)
    at new Node (https://site.dev/node_modules/@tensorweft/core/dist/graph/tensor.js:1:2)
    at trainStep (https://site.dev/train.ts:14:31)`
    const firefox = `noteOrigin@https://site.dev/node_modules/@tensorweft/core/dist/graph/origin.js:18:21
trainStep@https://site.dev/train.ts:14:31
`
    expect(callerIn(chrome)).toBe('https://site.dev/train.ts:14:31')
    expect(callerIn(firefox)).toBe('https://site.dev/train.ts:14:31')
    expect(callerIn('at x (file:///home/me/train.ts:3:4)')).toBe('/home/me/train.ts:3:4')
  })

  test('of a bundle is the first place, and of nothing nothing', () => {
    expect(callerIn('Error\n    at f (app.js:1:2)\n    at g (app.js:3:4)')).toBe('app.js:1:2')
    expect(callerIn('Error')).toBeUndefined()
  })
})
