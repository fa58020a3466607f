import type { Ink } from './normalize-digit.ts'

/** A point of a drawing, from 0 to 1 from left to right and from top to bottom. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** What is drawn without lifting the pen. */
export type Stroke = readonly Point[]

/** Of the pen, as a share of the drawing's side: as thick as in MNIST for a digit of usual size. */
const penWidth = 0.075
/** Of the drawing that is made a digit of, in pixels. */
const inkSide = 280

/** Draws strokes on a square of `side` pixels. */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  side: number,
  strokes: readonly Stroke[],
): void {
  context.lineWidth = penWidth * side
  context.lineCap = context.lineJoin = 'round'
  for (const stroke of strokes) {
    context.beginPath()
    for (const { x, y } of stroke) context.lineTo(x * side, y * side)
    // A line without length would have no ends to be round.
    if (stroke.length === 1)
      context.lineTo((stroke[0]?.x ?? 0) * side + 0.01, (stroke[0]?.y ?? 0) * side)
    context.stroke()
  }
}

/** The ink of strokes, pixel by pixel. */
export function inkOf(strokes: readonly Stroke[]): Ink {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = inkSide
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('This browser does not let the page draw.')
  paintStrokes(context, inkSide, strokes)
  const { data } = context.getImageData(0, 0, inkSide, inkSide)
  return {
    data: Uint8Array.from({ length: inkSide ** 2 }, (_, i) => data[4 * i + 3] ?? 0),
    width: inkSide,
    height: inkSide,
  }
}
