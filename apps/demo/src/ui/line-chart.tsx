import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { paint } from '../app/theme.ts'
import { type ChartState, chartOptions, sizeIn } from './chart-options.ts'
import type { LineChartProps } from './line-chart-props.ts'

const threeDigits = (value: number) => String(Number(value.toPrecision(3)))

/** Curves over a common x; the legend has the last values, or those under the pointer. */
export function LineChart(props: LineChartProps) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(null)
  const place = useSignal<number | null>(null)
  const onPoint = (pointed: number | null) => {
    place.value = pointed
  }
  const state = useRef<ChartState>({ props, onPoint })
  state.current = { props, onPoint }

  useEffect(() => {
    if (element.current === null) return
    const within = element.current
    const made = new UPlot(
      chartOptions(() => state.current, within),
      dataOf(state.current.props),
      within,
    )
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize(sizeIn(within)))
    observer.observe(within)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [])
  useLayoutEffect(() => chart.current?.setData(dataOf(props)), [props.x, props.series])
  useSignalEffect(() => {
    paint.value
    chart.current?.redraw(false, true)
  })

  return (
    <figure class="chart">
      <figcaption>
        {props.title}
        <Across {...props} place={place} />
      </figcaption>
      <Legend {...props} place={place} />
      <div class="plot" role="img" aria-label={inWords(props)} ref={element} />
    </figure>
  )
}

interface PointedProps extends LineChartProps {
  /** In x, under the pointer. */
  readonly place: ReadonlySignal<number | null>
}

/** What x counts, or how much of it is under the pointer. */
function Across({ x, xLabel, place }: PointedProps) {
  const pointed = x[place.value ?? -1]
  return (
    <span class="hint" aria-hidden="true">
      {pointed === undefined ? `${xLabel} →` : `${pointed.toLocaleString('en')} ${xLabel}`}
    </span>
  )
}

function Legend({ series, place, format = threeDigits }: PointedProps) {
  const pointed = place.value
  return (
    <ul class="legend" aria-hidden="true">
      {series.map(({ label, colour, values }) => {
        const value = lastOf(values, pointed ?? undefined)
        return (
          <li key={label} style={{ '--line': `var(${colour})` }}>
            {label}
            {value !== undefined && <b> {format(value)}</b>}
          </li>
        )
      })}
    </ul>
  )
}

/** The chart for those who do not see it. */
function inWords({ title, series, format = threeDigits, marks = [] }: LineChartProps): string {
  const lines = series.flatMap(({ label, values }) => {
    const value = lastOf(values)
    return value === undefined ? [] : `${label} ${format(value)}`
  })
  const events = marks.map(({ label }) => label)
  return `${title}: ${[...lines, ...events].join(', ') || 'nothing yet'}`
}

/** The last value up to a place, by default of all. */
function lastOf(values: readonly (number | null)[], place = values.length - 1): number | undefined {
  return values.slice(0, place + 1).findLast((value) => value !== null) ?? undefined
}

function dataOf({ x, series }: LineChartProps): UPlot.AlignedData {
  return [[...x], ...series.map(({ values }) => [...values])]
}
