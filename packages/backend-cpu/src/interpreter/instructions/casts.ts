import type { DType } from '@tensorweft/core'
import type { Loop } from './loop.ts'

// Plain assignment converts between typed arrays: it rounds to float32 and wraps integers. The
// common conversions are functions of their own for the engine's sake.
const float32ToFloat64: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const float64ToFloat32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const int32ToFloat32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const uint8ToFloat32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const assign: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}

// Comparisons with NaN are false, and typed integer arrays store NaN as 0.
const floatToInt32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) {
    const x = a[k] ?? 0
    out[k] = x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : Math.trunc(x)
  }
}
const floatToUint8: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) {
    const x = a[k] ?? 0
    out[k] = x >= 255 ? 255 : x <= 0 ? 0 : Math.trunc(x)
  }
}
const toBool: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = Number((a[k] ?? 0) !== 0)
}

const integers = { float64: assign, int32: assign, uint8: assign }

/** `casts[from][to]`: the rules of `castNumber`, except that integers wrap to integers. */
export const casts: Readonly<Partial<Record<DType, Readonly<Partial<Record<DType, Loop>>>>>> = {
  float32: {
    float32: assign,
    float64: float32ToFloat64,
    int32: floatToInt32,
    uint8: floatToUint8,
    bool: toBool,
  },
  float64: {
    float32: float64ToFloat32,
    float64: assign,
    int32: floatToInt32,
    uint8: floatToUint8,
    bool: toBool,
  },
  int32: { ...integers, float32: int32ToFloat32, bool: toBool },
  uint8: { ...integers, float32: uint8ToFloat32, bool: toBool },
  bool: { ...integers, float32: uint8ToFloat32, bool: assign },
}
