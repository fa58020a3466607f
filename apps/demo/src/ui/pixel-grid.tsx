import { useSignalEffect } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { colourOf, paint } from '../app/theme.ts'

export interface PixelGridProps {
  /** What the images show, for those who do not see them. */
  readonly label: string
  /** [images, height, width], 0 is background and 255 full ink. */
  readonly pixels: ArrayLike<number>
  readonly width: number
  readonly height: number
  /** Images in a row, by default 1. */
  readonly columns?: number
}

/** Grey images in rows and columns, in the colours of the page. */
export function PixelGrid(props: PixelGridProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { label, pixels, width, height, columns = 1 } = props
  const draw = () => {
    if (canvas.current !== null) drawImages(canvas.current, props)
  }
  useLayoutEffect(draw, [pixels, width, height, columns])
  useSignalEffect(() => {
    paint.value
    draw()
  })
  return <canvas class="pixels" role="img" aria-label={label} ref={canvas} />
}

function drawImages(canvas: HTMLCanvasElement, props: PixelGridProps) {
  const { pixels, width, height, columns = 1 } = props
  const count = Math.floor(pixels.length / (width * height))
  canvas.width = columns * width
  canvas.height = Math.max(1, Math.ceil(count / columns)) * height
  const context = canvas.getContext('2d')
  if (context === null) return
  const [red = 0, green = 0, blue = 0] = colourOf('--ink').match(/\d+/g)?.map(Number) ?? []
  const target = context.createImageData(canvas.width, canvas.height)
  for (let i = 0; i < count * width * height; i++) {
    const image = Math.floor(i / (width * height))
    const y = Math.floor(image / columns) * height + (Math.floor(i / width) % height)
    const x = (image % columns) * width + (i % width)
    target.data.set([red, green, blue, pixels[i] ?? 0], 4 * (y * canvas.width + x))
  }
  context.putImageData(target, 0, 0)
}
