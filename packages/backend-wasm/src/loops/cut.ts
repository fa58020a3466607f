import { type Code, type FunctionBuilder, i32, type Local } from '../assembler/index.ts'
import { type Loop, lanesPerVector } from './nest.ts'

/** An axis that is taken in stretches, so that several threads can take some each. */
export interface Cut {
  readonly axis: number
  readonly size: number
  /** Points of a stretch; the last one may have fewer. */
  readonly length: number
  readonly pieces: number
}

/** The points of the cut axis that a piece has. */
export interface Stretch {
  readonly axis: number
  readonly start: Local<'i32'>
  readonly extent: number | Local<'i32'>
}

/** Stretches of a vector axis begin at whole cache lines, as far as arrays do. */
const lineElements = 16

/** Cuts the outermost of some axes, given in the order of their loops, that is long enough. */
export function chooseCut(
  axes: readonly number[],
  sizes: readonly number[],
  vectorAxis: number | undefined,
  unroll: number,
  wanted: number,
): Cut | undefined {
  if (wanted < 2) return undefined
  const candidates = axes.map((axis) => {
    const grain = axis === vectorAxis ? Math.max(lineElements, lanesPerVector * unroll) : 1
    return { axis, grain, grains: Math.ceil((sizes[axis] ?? 1) / grain) }
  })
  const most = Math.max(...candidates.map(({ grains }) => grains))
  const chosen = candidates.find(({ grains }) => grains >= Math.min(wanted, most))
  if (chosen === undefined || most < 2) return undefined
  const { axis, grain, grains } = chosen
  const size = sizes[axis] ?? 1
  const length = Math.ceil(grains / Math.min(wanted, grains)) * grain
  return { axis, size, length, pieces: Math.ceil(size / length) }
}

/**
 * Emits code for piece number `piece`. The stretches of a vector axis have numbers of points that
 * are known, for which its code is written twice where the last one is shorter.
 */
export function emitPiece(
  f: FunctionBuilder,
  cut: Cut | undefined,
  vectorAxis: number | undefined,
  piece: Code<'i32'>,
  emit: (stretch: Stretch | undefined) => void,
): void {
  if (cut === undefined) {
    emit(undefined)
    return
  }
  const { axis, size, length, pieces } = cut
  const start = f.local('i32', i32.mul(piece, i32.const(length)))
  const rest = size % length
  const isWhole = i32.ltU(piece, i32.const(pieces - 1))
  if (rest === 0) emit({ axis, start, extent: length })
  else if (axis === vectorAxis) {
    f.if(
      isWhole,
      () => emit({ axis, start, extent: length }),
      () => emit({ axis, start, extent: rest }),
    )
  } else {
    const extent = i32.select(i32.const(length), i32.const(rest), isWhole)
    emit({ axis, start, extent: f.local('i32', extent) })
  }
}

/** Loops over some axes, the cut one over its stretch alone. */
export function loopsWithin(
  sizes: readonly number[],
  axes: readonly number[],
  stretch: Stretch | undefined,
): Loop[] {
  return axes.map((axis) => ({
    axis,
    extent: axis === stretch?.axis ? stretch.extent : (sizes[axis] ?? 1),
  }))
}

/** Where loops start that do not at 0. */
export function startsOf(stretch: Stretch | undefined): ReadonlyMap<number, Code<'i32'>> {
  return new Map(stretch === undefined ? [] : [[stretch.axis, stretch.start]])
}
