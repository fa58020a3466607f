import type UPlot from 'uplot'
import { colourOf } from '../app/theme.ts'
import type { LineChartProps, LineSeries, Mark } from './line-chart-props.ts'

/** What a chart that was made once shows now, and what it tells. */
export interface ChartState {
  readonly props: LineChartProps
  /** Called with the place in x that is under the pointer; null where there is none. */
  onPoint(place: number | null): void
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

const plotHeight = 180

/** The size of a plot that fills an element. */
export function sizeIn(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(120, element.clientWidth), height: plotHeight }
}

/** How a chart looks; what may change while it is shown is asked for with every drawing. */
export function chartOptions(state: () => ChartState, element: HTMLElement): UPlot.Options {
  const { series, logarithmic = false } = state().props
  return {
    ...sizeIn(element),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false },
      y: {
        ...(logarithmic && { distr: 3 }),
        range: (_, low, high) => rangeOf(state().props, low, high),
      },
    },
    axes: [
      { ...axis, size: 28, space: 70 },
      {
        ...axis,
        size: 46,
        values: (_, splits) => splits.map((y) => state().props.tick?.(y) ?? compact.format(y)),
        ...(logarithmic && logarithmicAxis),
      },
    ],
    series: [{}, ...series.map(seriesOptions)],
    hooks: {
      draw: [(plot) => drawMarks(plot, state().props.marks ?? [])],
      setCursor: [({ cursor }) => state().onPoint(cursor.idx ?? null)],
    },
  }
}

/** Between two lines of the grid. */
const steps = Array.from({ length: 15 }, (_, i) =>
  [1, 2, 5].map((step) => step * 10 ** (i - 4)),
).flat()

const axis: UPlot.Axis = {
  stroke: () => colourOf('--muted'),
  grid: { stroke: () => colourOf('--rule'), width: 1 },
  ticks: { show: false },
  font: '12px system-ui, sans-serif',
  incrs: steps,
  values: (_, splits) => splits.map((value) => compact.format(value)),
}

const logarithmicAxis: UPlot.Axis = {
  splits: (_plot, _axis, low, high) => roundNumbers(low, high),
  filter: (_, splits) => splits,
}

/** The ends of the y axis for these lowest and highest values; none while there are no values. */
function rangeOf(
  { low, high, logarithmic = false }: LineChartProps,
  lowest: number | null,
  highest: number | null,
): UPlot.Range.MinMax {
  if (lowest === null || highest === null) return [low ?? (logarithmic ? 0.1 : 0), high ?? 1]
  const margin = logarithmic ? 0 : 0.08 * (highest - lowest || highest || 1)
  const factor = logarithmic ? 1.15 : 1
  return [low ?? lowest / factor - margin, high ?? highest * factor + margin]
}

/** 1, 2 and 5 times powers of ten, between two ends; where these are close, evenly spaced numbers. */
function roundNumbers(low: number, high: number): number[] {
  const found = oneTwoFive(low, high)
  if (found.length > 1) return found
  const step = oneTwoFive((high - low) / 10, high - low).find((each) => each * 5 >= high - low) ?? 1
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(6)),
  )
}

function oneTwoFive(low: number, high: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high / low)) + 2 },
    (_, i) => 10 ** (Math.floor(Math.log10(low)) + i),
  )
  return powers
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= low && value <= high)
}

function seriesOptions({ label, colour, dots = false, gaps = false }: LineSeries): UPlot.Series {
  return {
    label,
    stroke: () => colourOf(colour),
    width: dots ? 1 : 1.75,
    points: { show: dots, size: 7, fill: () => colourOf(colour) },
    spanGaps: !gaps,
  }
}

function drawMarks(plot: UPlot, marks: readonly Mark[]) {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle = colourOf('--muted')
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`
  ctx.setLineDash([4, 4])
  for (const [i, { at, label }] of marks.entries()) {
    const x = plot.valToPos(at, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    const isNearEnd = x > bbox.left + bbox.width - ctx.measureText(label).width - 8
    ctx.textAlign = isNearEnd ? 'right' : 'left'
    ctx.fillText(label, x + (isNearEnd ? -6 : 6), bbox.top + (12 + 14 * (i % 3)) * devicePixelRatio)
  }
  ctx.restore()
}
