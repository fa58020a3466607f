import { f32x4, i32x4, v128 } from '../assembler/index.ts'
import { exp } from './exp.ts'
import { type LocalSource, polynomial, type Vector } from './vector.ts'

// (tanh x − x) / x³ as a polynomial of x², for |x| ≤ 0.625, least relative error of tanh.
const nearTail = [-0.333332807, 0.133314416, -0.0537397154, 0.0206390899, -0.00570499012]

/** Hyperbolic tangent, within 2 ulp: a polynomial near 0, beyond it 1 − 2 / (e^2|x| + 1). */
export function tanh(f: LocalSource, x: Vector): Vector {
  const square = f.local('v128', f32x4.mul(x, x))
  const cube = f32x4.mul(square, x)
  const near = f32x4.add(x, f32x4.mul(cube, polynomial(square, nearTail)))
  const magnitude = f.local('v128', f32x4.abs(x))
  const power = exp(f, f.local('v128', f32x4.add(magnitude, magnitude)))
  const one = f32x4.constSplat(1)
  const far = f32x4.sub(one, f32x4.div(f32x4.constSplat(2), f32x4.add(power, one)))
  const sign = v128.and(x, i32x4.constSplat(-(2 ** 31)))
  const isNear = f32x4.lt(magnitude, f32x4.constSplat(0.625))
  // Near 0 the sum loses the sign of −0.
  return v128.or(v128.bitSelect(near, far, isNear), sign)
}
