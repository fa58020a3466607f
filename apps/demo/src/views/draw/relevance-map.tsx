import { useSignalEffect } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { colourOf, paint } from '../../app/theme.ts'
import { side } from '../../data/mnist.ts'

export interface RelevanceMapProps {
  /** [28 · 28], 0 is background and 255 full ink. */
  readonly pixels: Uint8Array
  /** [28 · 28], how much each pixel speaks for the digit, or, below zero, against it. */
  readonly relevance: Float32Array
  readonly digit: number
}

/** Pixels that matter less than this share of the one that matters most are not counted. */
const noticeable = 0.05

/** The image in the background, and over it what speaks for a digit and what against it. */
export function RelevanceMap(props: RelevanceMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const draw = () => {
    const context = canvas.current?.getContext('2d')
    if (context != null) drawRelevance(context, props)
  }
  useLayoutEffect(draw, [props.pixels, props.relevance])
  useSignalEffect(() => {
    paint.value
    draw()
  })
  return (
    <canvas
      class="pixels"
      role="img"
      aria-label={inWords(props)}
      ref={canvas}
      width={side}
      height={side}
    />
  )
}

function inWords({ relevance, digit }: RelevanceMapProps): string {
  const threshold = noticeable * strongest(relevance)
  const speakingFor = relevance.filter((value) => value > threshold).length
  const speakingAgainst = relevance.filter((value) => value < -threshold).length
  return `Pixels that mattered: ${speakingFor} speak for a ${digit}, ${speakingAgainst} against it`
}

function drawRelevance(
  context: CanvasRenderingContext2D,
  { pixels, relevance }: RelevanceMapProps,
): void {
  const [ink, positive, negative] = ['--ink', '--for', '--against'].map(colourOf)
  const scale = strongest(relevance)
  context.clearRect(0, 0, side, side)
  relevance.forEach((value, i) => {
    const place = [i % side, Math.floor(i / side), 1, 1] as const
    context.globalAlpha = 0.22 * ((pixels[i] ?? 0) / 255)
    context.fillStyle = ink ?? ''
    context.fillRect(...place)
    context.globalAlpha = Math.abs(value) / scale
    context.fillStyle = (value > 0 ? positive : negative) ?? ''
    context.fillRect(...place)
  })
}

/** The largest share that a pixel has; never 0, so that one can divide by it. */
function strongest(relevance: Float32Array): number {
  return relevance.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE)
}
