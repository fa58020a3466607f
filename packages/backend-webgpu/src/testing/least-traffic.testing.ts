/**
 * The least that programs have to move, stated as the passes over memory that none can do without,
 * each as the arrays that it reads and those that it writes. A pass is a contraction, or reductions
 * over the same axes that do not wait for each other (those of one row may: it stays in a cache), or
 * the choice of a maximum in windows. It reads each of its operands once and writes each result
 * once, however often it uses them; elementwise ops cost nothing, for they join a pass that
 * touches their operands anyway. What several contractions read is stored for them, not computed
 * by each. Numbers are those of elements, all of four bytes.
 */
export type Pass = readonly [reads: readonly number[], writes: readonly number[]]

/** Bytes of the arrays that the passes read and write. */
export function byteLengthOfPasses(passes: readonly Pass[]): number {
  return passes.flat(2).reduce((sum, elements) => sum + 4 * elements, 0)
}

/** One pass that updates a parameter by what it computes; `copies` with the optimiser's state. */
type Update = (reads: readonly number[], parameter: number) => Pass

const updateOf =
  (copies: number): Update =>
  (reads, parameter) => [[...reads, copies * parameter], [copies * parameter]]

/** Softmax cross entropy of `classes` logits for each of `batch` samples, with its slopes. */
function lossPasses(batch: number, classes: number): Pass[] {
  const logits = batch * classes
  return [
    [
      [logits, batch],
      [logits, batch],
    ],
    [[batch], [1]],
  ]
}

/** 784 → 256 → 10; an optimiser keeps `copies` arrays of each parameter, that itself among them. */
export function perceptronPasses(batch: number, copies: number): Pass[] {
  const [x, h, logits] = [batch * 784, batch * 256, batch * 10]
  const [w1, b1, w2, b2] = [784 * 256, 256, 2560, 10]
  const update = updateOf(copies)
  return [
    [[x, w1, b1], [h]],
    [[h, w2, b2], [logits]],
    ...lossPasses(batch, 10),
    [[logits, w2, h], [h]],
    update([h, logits], w2),
    update([logits], b2),
    update([x, h], w1),
    update([h], b1),
  ]
}

/** The convolutional network: what a pooling chose is kept, and tells where its input was above 0. */
export function convolutionalPasses(
  batch: number,
  [first, second]: readonly [number, number],
  copies: number,
): Pass[] {
  const [x, logits] = [batch * 784, batch * 10]
  const [y1, p1] = [batch * 784 * first, batch * 196 * first]
  const [y2, p2] = [batch * 196 * second, batch * 49 * second]
  const [f1, f2, w] = [9 * first, 9 * first * second, 490 * second]
  const update = updateOf(copies)
  return [
    [[x, f1, first], [y1]],
    [[y1], [p1, p1]],
    [[p1, f2, second], [y2]],
    [[y2], [p2, p2]],
    [[p2, w, 10], [logits]],
    ...lossPasses(batch, 10),
    [[logits, w], [p2]],
    update([p2, logits], w),
    update([logits], 10),
    [[p2, p2, p2], [y2]],
    [[y2, f2], [p1]],
    update([p1, y2], f2),
    update([y2], second),
    [[p1, p1, p1], [y1]],
    update([x, y1], f1),
    update([y1], first),
  ]
}

/** Sizes of the arrays of a deep convolutional GAN with 28×28 images and 100 latent numbers. */
function dcganSizes(batch: number, [c1, c2]: readonly [number, number]) {
  return {
    z: batch * 100,
    images: batch * 784,
    half: batch * 196 * c1,
    quarter: batch * 49 * c2,
    w0: 4900 * c2,
    f1: 16 * c1,
    f2: 16 * c1 * c2,
    w3: 49 * c2,
  }
}

/** Noise to images; of what is normalised the mean comes before the variance. */
function generatorPasses(batch: number, channels: readonly [number, number]): Pass[] {
  const { z, images, half, quarter, w0, f1, f2 } = dcganSizes(batch, channels)
  const [c1, c2] = channels
  return [
    [[z, w0], [quarter]],
    [[quarter], [c2, c2]],
    [[quarter, 4 * c2], [quarter]],
    [[quarter, f2], [half]],
    [[half], [c1]],
    [[half, c1], [c1]],
    [[half, 4 * c1], [half]],
    [[half, f1, 1], [images]],
  ]
}

/** Images to logits and on to the slopes of the features before the last layer. */
function discriminatorPasses(batch: number, channels: readonly [number, number]): Pass[] {
  const { images, half, quarter, f1, f2, w3 } = dcganSizes(batch, channels)
  const [c1, c2] = channels
  return [
    [[images, f1, c1], [half]],
    [[half, f2, c2], [quarter]],
    [
      [quarter, w3, 1],
      [quarter, batch, batch],
    ],
    // Through the second convolution, to the slopes of the first one's results.
    [[quarter, f2, half], [half]],
  ]
}

/** The discriminator's half of a step: made images and real ones. */
export function trainDPasses(batch: number, channels: readonly [number, number]): Pass[] {
  const { images, half, quarter, f1, f2, w3 } = dcganSizes(batch, channels)
  const [c1, c2] = channels
  const update = updateOf(3)
  const twice = (elements: readonly number[]) => [...elements, ...elements]
  return [
    ...generatorPasses(batch, channels),
    ...discriminatorPasses(batch, channels),
    ...discriminatorPasses(batch, channels),
    [[batch, batch], [1]],
    update(twice([quarter, batch]), w3),
    update(twice([batch]), 1),
    update(twice([half, quarter]), f2),
    update(twice([quarter]), c2),
    update(twice([images, half]), f1),
    update(twice([half]), c1),
  ]
}

/** The generator's half of a step: forward through both networks, back through both. */
export function trainGPasses(batch: number, channels: readonly [number, number]): Pass[] {
  const { z, images, half, quarter, w0, f1, f2 } = dcganSizes(batch, channels)
  const [c1, c2] = channels
  const update = updateOf(3)
  return [
    ...generatorPasses(batch, channels),
    ...discriminatorPasses(batch, channels),
    [[batch], [1]],
    [[half, f1, images], [images]],
    update([images], 1),
    // Through the last layer; where its input was above 0 stands in that input.
    [[images, f1, half], [half]],
    update([images, half], f1),
    // A normalisation: sums for its parameters, from which the slopes of its input follow.
    update([half, half], 2 * c1),
    [[half, half, 5 * c1], [half]],
    [[half, f2, quarter], [quarter]],
    update([half, quarter], f2),
    update([quarter, quarter], 2 * c2),
    update([z, quarter, quarter, 5 * c2], w0),
  ]
}
