import { encode } from 'fast-png'
import type { Pixels } from './image-grid.ts'

/**
 * The bytes of a PNG file with these pixels.
 *
 * @throws RangeError where the data does not fit the sizes.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { zeros } from '@tensorweft/core'
 * import { imageGrid } from '@tensorweft/gan'
 * import { encodePng } from '@tensorweft/gan/png'
 *
 * const bytes = encodePng(await imageGrid(zeros([16, 28, 28])))
 * await writeFile(join(tmpdir(), 'samples.png'), bytes)
 * ```
 */
export function encodePng({ width, height, channels, data }: Pixels): Uint8Array {
  return encode({ width, height, channels, data, depth: 8 })
}
