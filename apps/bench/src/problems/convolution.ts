/** The result of a convolution, or one of its two gradients. */
export type ConvolutionDirection = 'forward' | 'by-input' | 'by-filters'

/** 3×3 filters with padding `same`: each side of the output is that of the input over the stride, rounded up. */
export interface ConvolutionSizes {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly filters: number
  readonly stride: number
}

/** One convolution or one of its gradients, alone, float32. */
export interface ConvolutionProblem {
  readonly direction: ConvolutionDirection
  readonly sizes: ConvolutionSizes
  /** [batch, height, width, channels] */
  readonly images: Float32Array
  /** [3, 3, channels, filters] */
  readonly filters: Float32Array
  /** The gradient by the result. [batch, outHeight, outWidth, filters] */
  readonly dy: Float32Array
}

/** Side of the output. */
export function outputSide(side: number, stride: number): number {
  return Math.ceil(side / stride)
}
