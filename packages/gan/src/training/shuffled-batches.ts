import {
  type DType,
  formatShape,
  type Key,
  ShapeError,
  settleOptions,
  sizeOf,
  Tensor,
  tensor,
} from '@tensorweft/core'
import { optionRules, orderOfEpoch, permutation, type ShapedArray } from '@tensorweft/layers'

const { aTensor, integerFrom0, positiveInteger } = optionRules

export interface ShuffledBatchesOptions {
  /** Samples in each batch. */
  readonly batchSize: number
  /** Decides the order; each pass through the samples has another. */
  readonly key: Key
  /** The batch to begin with, by default 0: the others come as they would have without a stop. */
  readonly from?: number
}

/**
 * Batches float32 [batchSize, …] of samples in random order, without end. What is left over at the
 * end of a pass, less than a batch, is not used in it. A batch is freed when the next one is asked for.
 *
 * @param samples A tensor [samples, …], or a typed array with its shape.
 * @throws ArgumentError for wrong options, ShapeError for fewer samples than in a batch, or values
 * that do not fit their shape.
 * @example
 * ```ts
 * const samples = tensor([[1], [2], [3], [4]])
 * for await (const batch of shuffledBatches(samples, { batchSize: 2, key: key(1) })) {
 *   console.log(batch.shape) // [2, 1]
 *   break
 * }
 * ```
 */
export function shuffledBatches(
  samples: Tensor<DType> | ShapedArray,
  options: ShuffledBatchesOptions,
): AsyncGenerator<Tensor, void, void> {
  const op = 'shuffledBatches'
  const settled = settleOptions<ShuffledBatchesOptions, 'batchSize' | 'key' | 'from'>(op, options, {
    batchSize: [positiveInteger],
    key: [aTensor],
    from: [integerFrom0, 0],
  })
  checkSamples(op, samples, settled.batchSize)
  return drawBatches(samples, settled)
}

async function* drawBatches(
  samples: Tensor<DType> | ShapedArray,
  { batchSize, key, from }: Required<ShuffledBatchesOptions>,
): AsyncGenerator<Tensor, void, void> {
  const [count = 0, ...sample] = samples.shape
  const values = samples instanceof Tensor ? await samples.data() : samples.data
  const size = sizeOf(sample)
  const batches = Math.floor(count / batchSize)
  let order: Uint32Array | undefined
  for (let batch = from; ; batch++) {
    const begin = (batch % batches) * batchSize
    if (begin === 0 || order === undefined) {
      order = await permutation(await orderOfEpoch(key, 1 + Math.floor(batch / batches)), count)
    }
    const drawn = new Float32Array(batchSize * size)
    order.subarray(begin, begin + batchSize).forEach((number, row) => {
      drawn.set(values.subarray(number * size, (number + 1) * size), row * size)
    })
    const made = tensor(drawn, { shape: [batchSize, ...sample] })
    try {
      yield made
    } finally {
      made.dispose()
    }
  }
}

function checkSamples(op: string, samples: Tensor<DType> | ShapedArray, batchSize: number): void {
  const { data, shape } = Object(samples) as Partial<ShapedArray>
  const isGiven =
    Array.isArray(shape) && (samples instanceof Tensor || typeof data?.[0] === 'number')
  const values = isGiven ? (samples instanceof Tensor ? sizeOf(shape) : samples.data.length) : 0
  if (isGiven && Number(shape[0]) >= batchSize && values > 0 && values === sizeOf(shape)) return
  throw new ShapeError(op, {
    got: isGiven
      ? `samples ${formatShape(shape)} of ${values} values`
      : `samples ${typeof samples}`,
    wanted: `a tensor or { data, shape } with at least ${batchSize} samples along the first axis`,
  })
}
