import type { LoopTable } from './loop.ts'
import { uint8Loops } from './uint8.ts'

/** bool instructions, on bytes that are 0 or 1 and stay so. */
export const boolLoops: LoopTable = {
  max: uint8Loops.max,
  min: uint8Loops.min,
  lt: uint8Loops.lt,
  eq: uint8Loops.eq,
  where: uint8Loops.where,
  and: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) & (b[k] ?? 0)
  },
  or: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) | (b[k] ?? 0)
  },
  xor: (n, out, a, b) => {
    for (let k = 0; k < n; k++) out[k] = (a[k] ?? 0) ^ (b[k] ?? 0)
  },
}
