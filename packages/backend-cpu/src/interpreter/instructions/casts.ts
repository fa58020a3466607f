import type { DType } from '@tensorweft/core'
import type { Loop } from './loop.ts'

// Plain assignment converts between typed arrays: it rounds to float32 and wraps integers.
const float32ToFloat64: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const float64ToFloat32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const int32ToFloat32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const int32ToFloat64: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const uint8ToFloat32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const uint8ToFloat64: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const uint8ToInt32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const int32ToUint8: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const float32Copy: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const float64Copy: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const int32Copy: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}
const uint8Copy: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = a[k] ?? 0
}

// Comparisons with NaN are false, and typed integer arrays store NaN as 0.
const float32ToInt32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) {
    const x = a[k] ?? 0
    out[k] = x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : Math.trunc(x)
  }
}
const float32ToUint8: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) {
    const x = a[k] ?? 0
    out[k] = x >= 255 ? 255 : x <= 0 ? 0 : Math.trunc(x)
  }
}
const float64ToInt32: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) {
    const x = a[k] ?? 0
    out[k] = x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : Math.trunc(x)
  }
}
const float64ToUint8: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) {
    const x = a[k] ?? 0
    out[k] = x >= 255 ? 255 : x <= 0 ? 0 : Math.trunc(x)
  }
}

const float32ToBool: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = Number((a[k] ?? 0) !== 0)
}
const float64ToBool: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = Number((a[k] ?? 0) !== 0)
}
const int32ToBool: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = Number((a[k] ?? 0) !== 0)
}
const uint8ToBool: Loop = (n, out, a) => {
  for (let k = 0; k < n; k++) out[k] = Number((a[k] ?? 0) !== 0)
}

/** `casts[from][to]`: the rules of `castNumber`, except that integers wrap to integers. */
export const casts: Readonly<Partial<Record<DType, Readonly<Partial<Record<DType, Loop>>>>>> = {
  float32: {
    float32: float32Copy,
    float64: float32ToFloat64,
    int32: float32ToInt32,
    uint8: float32ToUint8,
    bool: float32ToBool,
  },
  float64: {
    float32: float64ToFloat32,
    float64: float64Copy,
    int32: float64ToInt32,
    uint8: float64ToUint8,
    bool: float64ToBool,
  },
  int32: {
    float32: int32ToFloat32,
    float64: int32ToFloat64,
    int32: int32Copy,
    uint8: int32ToUint8,
    bool: int32ToBool,
  },
  uint8: {
    float32: uint8ToFloat32,
    float64: uint8ToFloat64,
    int32: uint8ToInt32,
    uint8: uint8Copy,
    bool: uint8ToBool,
  },
  bool: {
    float32: uint8ToFloat32,
    float64: uint8ToFloat64,
    int32: uint8ToInt32,
    uint8: uint8Copy,
    bool: uint8Copy,
  },
}
