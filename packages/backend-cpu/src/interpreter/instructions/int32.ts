import type { LoopTable } from './loop.ts'

/** int32 instructions. Storing to an Int32Array wraps what a double holds exactly. */
export const int32Loops: LoopTable = {
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
      out[o + p] = Math.imul(x, y)
    }
  },
  idiv: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = y === 0 ? 0 : Math.floor(x / y)
    }
  },
  mod: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const y = b[j + p] ?? 0
      const remainder = y === 0 ? 0 : (a[i + p] ?? 0) % y
      out[o + p] = remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder
    }
  },
  max: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x > y ? x : y
    }
  },
  min: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x < y ? x : y
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
  and: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x & y
    }
  },
  or: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x | y
    }
  },
  xor: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x ^ y
    }
  },
  shl: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x << y
    }
  },
  shr: (n, out, o, a, i, b, j) => {
    for (let p = 0; p < n; p++) {
      const x = a[i + p] ?? 0
      const y = b[j + p] ?? 0
      out[o + p] = x >>> y
    }
  },
}
