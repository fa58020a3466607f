import { type Key, randomUniform, type Tensor, tensor } from '@tensorweft/core'
import type { LabelledImages } from './mnist.ts'

/** What one step works on. */
export interface Batch {
  /** Images `[batch, height · width]`, 0 to 255. */
  readonly x: Tensor<'uint8'>
  /** Labels `[batch]`. */
  readonly y: Tensor<'int32'>
}

/**
 * Cuts a data set into batches; the last one is smaller where the number of images is no multiple
 * of the batch size. Each batch goes to the backend when it is used, as bytes.
 *
 * @param order Numbers of the images in the order to take them; by default as they come.
 *
 * @example
 * for (const { x, y } of batchesOf(train, 100, await shuffledOrder(key(1), train.count))) step(x, y)
 */
export function* batchesOf(
  { images, labels, count, height, width }: LabelledImages,
  batchSize: number,
  order: Uint32Array = Uint32Array.from({ length: count }, (_, i) => i),
): Generator<Batch> {
  const pixels = height * width
  for (let start = 0; start < count; start += batchSize) {
    const chosen = order.subarray(start, start + batchSize)
    const rows = new Uint8Array(chosen.length * pixels)
    chosen.forEach((image, row) => {
      rows.set(images.subarray(image * pixels, (image + 1) * pixels), row * pixels)
    })
    const classes = Array.from(chosen, (image) => labels[image] ?? 0)
    yield {
      x: tensor(rows, { dtype: 'uint8', shape: [chosen.length, pixels] }),
      y: tensor(classes, { dtype: 'int32' }),
    }
  }
}

/**
 * The numbers below `count` in random order, the same for the same key (Fisher and Yates).
 */
export async function shuffledOrder(key: Key, count: number): Promise<Uint32Array> {
  const random = await randomUniform(key, [count]).data()
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor((random[last] ?? 0) * (last + 1))
    const image = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = image
  }
  return order
}
