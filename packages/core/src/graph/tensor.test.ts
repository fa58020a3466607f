import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ArgumentError, tensor } from '../index.ts'

describe('a tensor where JavaScript wants a number', () => {
  const [x, y]: readonly unknown[] = [tensor(1), tensor(2)]

  test.each<[string, (a: number, b: number) => unknown]>([
    ['<', (a, b) => a < b],
    ['> 0', (a) => a > 0],
    ['+', (a) => a + 1],
    ['-', (a) => -a],
    ['Math.exp', (a) => Math.exp(a)],
    ['Number', (a) => Number(a)],
  ])('is refused: %s', (_, use) => {
    const call = () => use(x as number, y as number)
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow(/Hint: .*await x\.item\(\)/)
  })

  test('is a text where one is wanted, and shows as that', () => {
    expect(`${x}`).toBe('Tensor float32 [] (pending)')
    expect(inspect({ loss: x })).toBe('{ loss: Tensor float32 [] (pending) }')
  })
})
