/** A picture in shades of one colour. */
export interface Ink {
  /** [height · width], row by row, 0 is background and 255 full ink. */
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** Side of an image of MNIST, in pixels. */
export const digitSide = 28
/** The digit itself fills a box of this side. */
const boxSide = 20

/**
 * A drawing in the form that the digits of MNIST have: scaled so that its longer side fills 20 pixels,
 * with averages of what a pixel covers, and placed so that its centre of mass is in the middle of
 * 28 × 28 pixels.
 *
 * LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998,
 * section III.A.
 *
 * @returns [28 · 28], or nothing where there is no ink.
 */
export function normalizeDigit(ink: Ink): Uint8Array<ArrayBuffer> | undefined {
  const { left, top, right, bottom, centerX, centerY } = measure(ink)
  if (right <= left) return undefined
  /** Pixels of the drawing in one of the digit. */
  const scale = Math.max(right - left, bottom - top) / boxSide
  const columns = coverage(centerX, scale, ink.width)
  const rows = coverage(centerY, scale, ink.height)
  const digit = new Uint8Array(digitSide * digitSide)
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      digit[y * digitSide + x] = Math.round(inkIn(ink, column, row) / scale ** 2)
    })
  })
  return digit
}

/** Where the ink is: the edges of its box, in pixels, and its centre of mass. */
function measure({ data, width, height }: Ink) {
  const box = { left: width, top: height, right: 0, bottom: 0 }
  let mass = 0
  let [momentX, momentY] = [0, 0]
  data.forEach((value, i) => {
    if (value === 0) return
    const [x, y] = [i % width, Math.floor(i / width)]
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x + 1)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y + 1)
    mass += value
    momentX += value * (x + 0.5)
    momentY += value * (y + 0.5)
  })
  return { ...box, centerX: momentX / mass, centerY: momentY / mass }
}

/** A stretch of a row or column of pixels, which begins and ends between them. */
interface Stretch {
  readonly begin: number
  readonly end: number
}

/** What each of the 28 pixels along an axis covers of the drawing, whose middle is at `center`. */
function coverage(center: number, scale: number, length: number): Stretch[] {
  const inside = (position: number) => Math.min(length, Math.max(0, position))
  return Array.from({ length: digitSide }, (_, i) => {
    const begin = center + (i - digitSide / 2) * scale
    return { begin: inside(begin), end: inside(begin + scale) }
  })
}

/** The ink in a rectangle, pixels at its edges by the part that lies in it. */
function inkIn({ data, width }: Ink, columns: Stretch, rows: Stretch): number {
  let sum = 0
  for (let y = Math.floor(rows.begin); y < rows.end; y++) {
    const heightOf = Math.min(y + 1, rows.end) - Math.max(y, rows.begin)
    for (let x = Math.floor(columns.begin); x < columns.end; x++) {
      const widthOf = Math.min(x + 1, columns.end) - Math.max(x, columns.begin)
      sum += (data[y * width + x] ?? 0) * widthOf * heightOf
    }
  }
  return sum
}
