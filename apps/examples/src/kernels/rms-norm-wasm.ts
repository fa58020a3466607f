import type { HandWrittenKernel, LayerNormOptions, TensorSpec } from '@tensorweft/core'

/** The module's text. Any tool chain will do that makes a module with this import and export. */
export const rmsNormText = `
(module
  (import "env" "memory" (memory 0))

  ;; y = x / √(mean(x²) + epsilon) · gamma for each row
  (func (export "kernel")
    (param $x i32) (param $gamma i32) (param $y i32)
    (param $rows i32) (param $columns i32) (param $epsilon f32)
    (local $row_bytes i32) (local $at i32) (local $squares v128) (local $scale v128)
    (local.set $row_bytes (i32.shl (local.get $columns) (i32.const 2)))
    (loop $row
      (local.set $squares (v128.const i32x4 0 0 0 0))
      (local.set $at (i32.const 0))
      (loop $sum
        (local.set $scale (v128.load (i32.add (local.get $x) (local.get $at))))
        (local.set $squares
          (f32x4.add (local.get $squares) (f32x4.mul (local.get $scale) (local.get $scale))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $sum (i32.lt_u (local.get $at) (local.get $row_bytes))))
      (local.set $scale
        (f32x4.splat
          (f32.div
            (f32.const 1)
            (f32.sqrt
              (f32.add
                (local.get $epsilon)
                (f32.div
                  (f32.add
                    (f32.add
                      (f32x4.extract_lane 0 (local.get $squares))
                      (f32x4.extract_lane 1 (local.get $squares)))
                    (f32.add
                      (f32x4.extract_lane 2 (local.get $squares))
                      (f32x4.extract_lane 3 (local.get $squares))))
                  (f32.convert_i32_u (local.get $columns))))))))
      (local.set $at (i32.const 0))
      (loop $store
        (v128.store
          (i32.add (local.get $y) (local.get $at))
          (f32x4.mul
            (f32x4.mul (v128.load (i32.add (local.get $x) (local.get $at))) (local.get $scale))
            (v128.load (i32.add (local.get $gamma) (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $store (i32.lt_u (local.get $at) (local.get $row_bytes))))
      (local.set $x (i32.add (local.get $x) (local.get $row_bytes)))
      (local.set $y (i32.add (local.get $y) (local.get $row_bytes)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $row (local.get $rows)))))
`

/** A call of `rmsNorm`; what it was called without is undefined. */
interface RmsNormCall {
  readonly x: TensorSpec
  readonly gamma?: TensorSpec
  readonly options?: LayerNormOptions
}

/**
 * Root mean square normalisation of rows of a multiple of four floats, for backend-wasm.
 *
 * @param module The bytes of `rmsNormText`.
 *
 * ```ts
 * registerKernel(rmsNorm, 'wasm', rmsNormOnWasm(bytes))
 * ```
 */
export function rmsNormOnWasm(module: Uint8Array<ArrayBuffer>): HandWrittenKernel<RmsNormCall> {
  return {
    supports: ({ x, gamma, options: { axes = -1 } = {} }) =>
      x.dtype === 'float32' && gamma !== undefined && axes === -1 && columnsOf(x) % 4 === 0,

    emit: ({ x, options: { epsilon = 1e-6 } = {} }) => {
      const rows = x.shape.slice(0, -1).reduce((product, size) => product * size, 1)
      return { language: 'wasm', module, arguments: [rows, columnsOf(x), epsilon] }
    },
  }
}

function columnsOf({ shape }: TensorSpec): number {
  return shape.at(-1) ?? 1
}
