import { pixelCount, side } from '../src/data/mnist.ts'

/** Numbers that a distortion takes. */
export const chancesPerImage = 7

/**
 * An image as another hand might have drawn it: turned (± 14°), sheared, scaled (± 14 %), moved (± 2
 * pixels), with a thinner or thicker pen. Digits that are drawn with a mouse differ from those of
 * MNIST in these ways.
 *
 * Simard, Steinkraus, Platt, "Best practices for convolutional neural networks applied to visual
 * document analysis", 2003.
 *
 * @param image [28 · 28], 0 is background and 255 full ink.
 * @param chances [7], from 0 to 1: which of the ways it is.
 */
export function distort(image: Uint8Array, chances: Float32Array): Uint8Array {
  const [turned = 0, sheared = 0, wide = 0, high = 0, right = 0, down = 0, thick = 0] = Array.from(
    chances,
    (chance) => 2 * chance - 1,
  )
  const [cos, sin] = [Math.cos(0.25 * turned), Math.sin(0.25 * turned)]
  const shear = 0.2 * sheared
  const [scaleX, scaleY] = [1 + 0.14 * wide, 1 + 0.14 * high]
  const [moveX, moveY] = [2 * right, 2 * down]
  const pen = Math.exp(0.5 * thick)
  const middle = (side - 1) / 2
  const distorted = new Uint8Array(pixelCount)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dx, dy] = [x - middle - moveX, y - middle - moveY]
      const fromX = middle + scaleX * (cos * dx + (sin + shear) * dy)
      const fromY = middle + scaleY * (cos * dy - sin * dx)
      distorted[y * side + x] = Math.min(255, Math.round(pen * sample(image, fromX, fromY)))
    }
  }
  return distorted
}

/** The ink between pixels, bilinear; there is none outside of the image. */
function sample(image: Uint8Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, bottom] = [x - left, y - top]
  const ink = (column: number, row: number) =>
    column < 0 || row < 0 || column >= side || row >= side ? 0 : (image[row * side + column] ?? 0)
  const above = ink(left, top) * (1 - right) + ink(left + 1, top) * right
  const below = ink(left, top + 1) * (1 - right) + ink(left + 1, top + 1) * right
  return above * (1 - bottom) + below * bottom
}
