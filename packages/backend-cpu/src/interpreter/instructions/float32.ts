import type { LoopTable } from './loop.ts'

/** Chooses between two numbers without a branch, which random data would mispredict. */
const pair = new Float64Array(2)

/**
 * float32 instructions. Each one computes in double precision and rounds once, at the store: for
 * add, sub, mul, div and sqrt that is exactly float32 arithmetic.
 */
export const float32Loops: LoopTable = {
  add: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) + (b[k] ?? 0)
  },
  sub: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) - (b[k] ?? 0)
  },
  mul: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) * (b[k] ?? 0)
  },
  div: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) / (b[k] ?? 0)
  },
  mod: (n, out, a, b) => {
    for (let k = 0; k < n; k++) {
      const y = b[k] ?? 0
      // The remainder has the sign of x; adding 0 turns −0 into 0.
      const remainder = (a[k] ?? 0) % y
      out[k] = remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder + 0
    }
  },
  max: (n, out, a, b) => {
    for (let k = 0; k < n; k++) {
      const x = a[k] ?? 0
      const y = b[k] ?? 0
      pair[0] = x
      pair[1] = y
      out[k] = pair[Number(x < y) | Number(Number.isNaN(y))] ?? 0
    }
  },
  min: (n, out, a, b) => {
    for (let k = 0; k < n; k++) {
      const x = a[k] ?? 0
      const y = b[k] ?? 0
      pair[0] = x
      pair[1] = y
      out[k] = pair[Number(x > y) | Number(Number.isNaN(y))] ?? 0
    }
  },
  lt: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = Number((a[k] ?? 0) < (b[k] ?? 0))
  },
  eq: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = Number((a[k] ?? 0) === (b[k] ?? 0))
  },
  where: (n, out, a, b, c) => {
    for (let k = 0; k < n; k++) {
      pair[0] = c[k] ?? 0
      pair[1] = b[k] ?? 0
      out[k] = pair[a[k] ?? 0] ?? 0
    }
  },
  exp2: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = 2 ** (a[k] ?? 0)
  },
  log2: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.log2(a[k] ?? 0)
  },
  sin: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.sin(a[k] ?? 0)
  },
  sqrt: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.sqrt(a[k] ?? 0)
  },
  floor: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.floor(a[k] ?? 0)
  },
  trunc: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.trunc(a[k] ?? 0)
  },
  exp: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.exp(a[k] ?? 0)
  },
  log: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.log(a[k] ?? 0)
  },
  log1p: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.log1p(a[k] ?? 0)
  },
  expm1: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.expm1(a[k] ?? 0)
  },
  tanh: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.tanh(a[k] ?? 0)
  },
  cos: (n, out, a) => {
    for (let k = 0; k < n; k++) out[k] = Math.cos(a[k] ?? 0)
  },
}
