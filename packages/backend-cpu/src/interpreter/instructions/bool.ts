import type { LoopTable } from './loop.ts'
import { uint8Loops } from './uint8.ts'

/** bool instructions, on bytes that are 0 or 1 and stay so. */
export const boolLoops: LoopTable = {
  max: uint8Loops.max,
  min: uint8Loops.min,
  lt: uint8Loops.lt,
  eq: uint8Loops.eq,
  where: uint8Loops.where,
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
}
