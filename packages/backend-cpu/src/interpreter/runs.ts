import type { ArithmeticDType, TypedArray } from '@tensorweft/core'

/**
 * Loops over one run of an affine walk. They are written out for each kind of array, because the
 * engine specialises a function for the arrays that it has seen, wherever it was called from.
 */
export interface Runs {
  /** `out[o + k] = data[i + k · stride]` for n points. */
  gather(n: number, out: TypedArray, o: number, data: TypedArray, i: number, stride: number): void
  /** `data[i + k · stride] = values[o + k]` for n points. */
  scatter(
    n: number,
    data: TypedArray,
    i: number,
    stride: number,
    values: TypedArray,
    o: number,
  ): void
  /** `out[o + k] = value` for n points. */
  fill(n: number, out: TypedArray, o: number, value: number): void
}

/** From here on the built-in copy beats a loop. */
const longRun = 48

const float32: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++, i += stride) data[i] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

const float64: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++, i += stride) data[i] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

const int32: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++, i += stride) data[i] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

const uint8: Runs = {
  gather(n, out, o, data, i, stride) {
    for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i] ?? 0
  },
  scatter(n, data, i, stride, values, o) {
    for (let k = 0; k < n; k++, i += stride) data[i] = values[o + k] ?? 0
  },
  fill(n, out, o, value) {
    for (let k = 0; k < n; k++) out[o + k] = value
  },
}

/** Leaves long runs of consecutive elements to the engine's own copy and fill. */
function withBuiltIns(runs: Runs): Runs {
  return {
    gather(n, out, o, data, i, stride) {
      if (stride === 0) this.fill(n, out, o, data[i] ?? 0)
      else if (stride === 1 && n >= longRun) out.set(data.subarray(i, i + n), o)
      else runs.gather(n, out, o, data, i, stride)
    },
    scatter(n, data, i, stride, values, o) {
      if (stride === 1 && n >= longRun) data.set(values.subarray(o, o + n), i)
      else runs.scatter(n, data, i, stride, values, o)
    },
    fill(n, out, o, value) {
      if (n >= longRun) out.fill(value, o, o + n)
      else runs.fill(n, out, o, value)
    },
  }
}

const bytes = withBuiltIns(uint8)

export const runsOf: Readonly<Record<ArithmeticDType, Runs>> = {
  float32: withBuiltIns(float32),
  float64: withBuiltIns(float64),
  int32: withBuiltIns(int32),
  uint8: bytes,
  bool: bytes,
}
