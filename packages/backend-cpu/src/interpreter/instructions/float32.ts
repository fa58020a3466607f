import type { LoopTable } from './loop.ts'

/**
 * float32 instructions. Each one computes in double precision and rounds once, at the store: for
 * add, sub, mul, div and sqrt that is exactly float32 arithmetic.
 */
export const float32Loops: LoopTable = {
  add: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x + y
    }
  },
  sub: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x - y
    }
  },
  mul: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x * y
    }
  },
  div: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x / y
    }
  },
  mod: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const y = b[j + p] ?? 0
      // The remainder has the sign of x; adding 0 turns −0 into 0.
      const remainder = (a[i + p] ?? 0) % y
      out[o + p] = remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder + 0
    }
  },
  max: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = Math.max(x, y)
    }
  },
  min: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = Math.min(x, y)
    }
  },
  lt: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x < y ? 1 : 0
    }
  },
  eq: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x === y ? 1 : 0
    }
  },
  where: (n, out, o, a, i, b, j, c, l) => {
    for (let p = 0; p < n; p++) {
      out[o + p] = (a[i + p] ?? 0) === 0 ? (c[l + p] ?? 0) : (b[j + p] ?? 0)
    }
  },
  exp2: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = 2 ** (a[i + p] ?? 0)
  },
  log2: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.log2(a[i + p] ?? 0)
  },
  sin: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.sin(a[i + p] ?? 0)
  },
  sqrt: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.sqrt(a[i + p] ?? 0)
  },
  floor: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.floor(a[i + p] ?? 0)
  },
  trunc: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.trunc(a[i + p] ?? 0)
  },
  exp: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.exp(a[i + p] ?? 0)
  },
  log: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.log(a[i + p] ?? 0)
  },
  log1p: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.log1p(a[i + p] ?? 0)
  },
  expm1: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.expm1(a[i + p] ?? 0)
  },
  tanh: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.tanh(a[i + p] ?? 0)
  },
  cos: (n, out, o, a, i) => {
    for (let p = 0; p < n; p++) out[o + p] = Math.cos(a[i + p] ?? 0)
  },
}
