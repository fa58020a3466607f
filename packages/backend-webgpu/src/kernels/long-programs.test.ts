import { compile, explain, setBackend, type Tensor, tanh, tensor } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'

const vectors = 'array<vec4<u32>>'

/** The functions of a chain from number `start` on, up to number `end`. */
const chain = (start: number, end: number) => (x: Tensor) => {
  let y = x
  for (let k = start; k < end; k++) y = tanh(y.mul(1.0625).add(k / 1024))
  return y
}

describeOnDevice('programs of many functions', (backend) => {
  test('are written for one point, and give the bits that parts give at four', async () => {
    await setBackend(backend())
    const whole = compile(chain(0, 40))
    const [first, second] = [compile(chain(0, 20)), compile(chain(20, 40))]
    const x = tensor(Array.from({ length: 103 }, (_, k) => (k - 50) / 16))
    expect(explain(whole, x)).not.toContain(vectors)
    expect(explain(first, x)).toContain(vectors)
    expect(await whole(x).data()).toEqual(await second(first(x)).data())
  })
})
