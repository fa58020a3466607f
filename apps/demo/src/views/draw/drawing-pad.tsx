import { useSignalEffect } from '@preact/signals'
import type { TargetedPointerEvent } from 'preact'
import { useRef } from 'preact/hooks'
import { colourOf, paint } from '../../app/theme.ts'
import { beginStroke, continueStroke, strokes } from './recognizing.ts'
import { type Point, paintStrokes } from './strokes.ts'

/** Pixels along a side, however large it is shown. */
const side = 560

/** A square to draw a digit on, with a mouse, a pen or a finger. */
export function DrawingPad() {
  const canvas = useRef<HTMLCanvasElement>(null)
  useSignalEffect(() => {
    paint.value
    const context = canvas.current?.getContext('2d')
    if (context == null) return
    context.clearRect(0, 0, side, side)
    context.strokeStyle = colourOf('--ink')
    paintStrokes(context, side, strokes.value)
  })

  const label = `Drawing pad, ${strokes.value.length === 1 ? '1 stroke' : `${strokes.value.length} strokes`}`
  return (
    <canvas
      class="drawing-pad"
      role="img"
      aria-label={label}
      ref={canvas}
      width={side}
      height={side}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        beginStroke(pointOf(event, event.currentTarget))
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
        continueStroke(pathOf(event))
      }}
    />
  )
}

/** Where the pointer went since the last event: devices report more often than the page draws. */
function pathOf(event: TargetedPointerEvent<HTMLCanvasElement>): Point[] {
  const events = event.getCoalescedEvents?.() ?? []
  return (events.length > 0 ? events : [event]).map((each) => pointOf(each, event.currentTarget))
}

function pointOf(event: MouseEvent, canvas: HTMLCanvasElement): Point {
  const { left, top, width, height } = canvas.getBoundingClientRect()
  return { x: (event.clientX - left) / width, y: (event.clientY - top) / height }
}
