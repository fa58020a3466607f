import type { DType, Shape, TypedArray } from '@tensorweft/core'

/** The files of reference values, by their names. */
export const goldenFamilies = [
  'attention',
  'conv',
  'elementwise',
  'linalg',
  'losses',
  'norm',
  'optimizers',
  'recurrent',
  'reductions',
  'schedules',
  'secondOrder',
  'shape',
  'training',
] as const

export type GoldenFamily = (typeof goldenFamilies)[number]

/** Data that says how the op is to be computed, as in the file but with real NaN and infinities. */
export type GoldenAttribute =
  | number
  | string
  | boolean
  | null
  | readonly GoldenAttribute[]
  | { readonly [name: string]: GoldenAttribute }

/** An input, exact in its dtype. */
export interface GoldenInput {
  readonly name: string
  readonly shape: Shape
  readonly dtype: DType
  /** Row-major. */
  readonly data: TypedArray
}

/** A true answer, to about nine digits. */
export interface GoldenOutput {
  /** Only where a case has several outputs with names. */
  readonly name?: string
  readonly shape: Shape
  readonly dtype: DType
  /** Row-major. */
  readonly values: Float64Array
}

/** How far a float32 implementation may be off: by `atol + rtol · |wanted|`. */
export interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/** One computation with its answers. */
export interface GoldenCase extends Tolerance {
  /** Unique in its family. */
  readonly name: string
  readonly op: string
  readonly attributes: { readonly [name: string]: GoldenAttribute }
  readonly inputs: readonly GoldenInput[]
  readonly outputs: readonly GoldenOutput[]
  /** Weight of each output in the sum that is differentiated; undefined where it has none. */
  readonly cotangents: readonly (Float32Array | undefined)[]
  /** Gradients of that sum by the inputs that are named, in their shapes. */
  readonly gradients: ReadonlyMap<string, Float64Array>
}
