import type { LoopTable } from './loop.ts'

/** int32 instructions. Storing to an Int32Array wraps what a double holds exactly. */
export const int32Loops: LoopTable = {
  add: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) + (b[k] ?? 0)
  },
  sub: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) - (b[k] ?? 0)
  },
  mul: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = Math.imul(a[k] ?? 0, b[k] ?? 0)
  },
  idiv: (n, out, a, b) => {
    for (let k = 0; k < n; k++) {
      const x = a[k] ?? 0
      const y = b[k] ?? 0
      out[k] = y === 0 ? 0 : Math.floor(x / y)
    }
  },
  mod: (n, out, a, b) => {
    for (let k = 0; k < n; k++) {
      const y = b[k] ?? 0
      const remainder = y === 0 ? 0 : (a[k] ?? 0) % y
      out[k] = remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder
    }
  },
  max: (n, out, a, b) => {
    for (let k = 0; k < n; k++) {
      const x = a[k] ?? 0
      const y = b[k] ?? 0
      out[k] = x > y ? x : y
    }
  },
  min: (n, out, a, b) => {
    for (let k = 0; k < n; k++) {
      const x = a[k] ?? 0
      const y = b[k] ?? 0
      out[k] = x < y ? x : y
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
      // All ones or all zeros: a branch would be mispredicted on random data.
      const mask = -(a[k] ?? 0)
      out[k] = ((b[k] ?? 0) & mask) | ((c[k] ?? 0) & ~mask)
    }
  },
  and: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) & (b[k] ?? 0)
  },
  or: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) | (b[k] ?? 0)
  },
  xor: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) ^ (b[k] ?? 0)
  },
  shl: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) << (b[k] ?? 0)
  },
  shr: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) >>> (b[k] ?? 0)
  },
}
