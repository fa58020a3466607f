import type { DType, TypedArray } from '@tensorweft/core'

/**
 * Loops over one run of an affine walk. They are written out for each kind of array, because the
 * engine specialises a function for the arrays that it has seen, wherever it was called from.
 */
export interface Runs {
  /** `out[o + k] = data[i + k · stride]` for n points. */
  gather(n: number, out: TypedArray, o: number, data: TypedArray, i: number, stride: number): void
  /** `data[i + k · stride] = values[o + k]` for n points. */
  scatter(n: number, data: TypedArray, i: number, stride: number, values: TypedArray, o: number): void
  /** `out[o + k] = value` for n points. */
  fill(n: number, out: TypedArray, o: number, value: number): void
}

const float32: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++) out[o + k] = data[i + k * stride] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++) data[i + k * stride] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

const float64: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++) out[o + k] = data[i + k * stride] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++) data[i + k * stride] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

const int32: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++) out[o + k] = data[i + k * stride] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++) data[i + k * stride] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

const uint8: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++) out[o + k] = data[i + k * stride] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++) data[i + k * stride] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

export const runsOf: Readonly<Record<DType, Runs>> = { float32, float64, int32, uint8, bool: uint8 }
