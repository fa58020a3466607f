import type { LoopTable } from './loop.ts'

/** uint8 instructions. Storing to a Uint8Array wraps. */
export const uint8Loops: LoopTable = {
  add: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) + (b[k] ?? 0)
  },
  sub: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) - (b[k] ?? 0)
  },
  mul: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) * (b[k] ?? 0)
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
      const x = a[k] ?? 0
      const y = b[k] ?? 0
      out[k] = y === 0 ? 0 : x % y
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
}
