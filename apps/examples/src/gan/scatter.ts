import type { Pixels } from '@tensorweft/gan'

/** Points of one colour. */
export interface Cloud {
  /** [points, 2], row-major. */
  readonly points: ArrayLike<number>
  readonly color: readonly [red: number, green: number, blue: number]
}

const dotSize = 2

/**
 * A picture of points in the plane on white, later clouds over earlier ones.
 *
 * @param extent The picture shows both coordinates from −extent to extent.
 * @param size Pixels in a row and in a column.
 */
export function scatter(clouds: readonly Cloud[], extent: number, size: number): Pixels {
  const data = new Uint8Array(3 * size * size).fill(255)
  const place = (x: number) => Math.floor(((x / extent + 1) / 2) * (size - 1))
  for (const { points, color } of clouds) {
    for (let i = 0; i + 1 < points.length; i += 2) {
      const [left, top] = [place(points[i] ?? 0), place(-(points[i + 1] ?? 0))]
      for (let y = Math.max(0, top); y < Math.min(size, top + dotSize); y++) {
        for (let x = Math.max(0, left); x < Math.min(size, left + dotSize); x++) {
          data.set(color, 3 * (y * size + x))
        }
      }
    }
  }
  return { width: size, height: size, channels: 3, data }
}
