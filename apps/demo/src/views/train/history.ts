import type { Progress } from '../../worker/progress-meter.ts'

type Column = readonly (number | null)[]

/** The curves of a run. */
export interface History {
  /** Digits trained on, rising; the next four are as long. */
  readonly x: readonly number[]
  readonly loss: Column
  readonly accuracy: Column
  readonly testLoss: Column
  readonly testAccuracy: Column
  /** Time of training, rising, and the digits per second at that time. */
  readonly seconds: readonly number[]
  readonly speed: Column
  readonly swaps: readonly Swap[]
  /** The last that is known. */
  readonly latest: Progress | undefined
  /** Digits per second on each backend that this run was on, as measured last. */
  readonly speeds: ReadonlyMap<string, number>
}

/** Where another backend took over. */
export interface Swap {
  readonly x: number
  readonly seconds: number
  readonly backend: string
}

export const emptyHistory: History = {
  x: [],
  loss: [],
  accuracy: [],
  testLoss: [],
  testAccuracy: [],
  seconds: [],
  speed: [],
  swaps: [],
  latest: undefined,
  speeds: new Map(),
}

const columns = ['loss', 'accuracy', 'testLoss', 'testAccuracy'] as const

type Row = { readonly x: number } & { readonly [Name in (typeof columns)[number]]?: number }

/** Speeds differ from report to report: what is shown follows with this share of the newest. */
const newestShare = 0.2

export function addProgress(history: History, progress: Progress): History {
  const { samples, loss, accuracy, samplesPerSecond, elapsedMs, backend } = progress
  const { latest, swaps, speeds } = history
  const isSwap = latest !== undefined && latest.backend !== backend
  const swap = { x: latest?.samples ?? 0, seconds: (latest?.elapsedMs ?? 0) / 1000, backend }
  const speed = smoothed(speeds.get(backend), samplesPerSecond)
  return {
    ...add(history, { x: samples, loss, accuracy }),
    seconds: [...history.seconds, elapsedMs / 1000],
    speed: [...history.speed, samplesPerSecond === undefined ? null : (speed ?? null)],
    swaps: isSwap ? [...swaps, swap] : swaps,
    latest: progress,
    speeds: speed === undefined ? speeds : new Map([...speeds, [backend, speed]]),
  }
}

export function addTest(
  history: History,
  { samples, loss, accuracy }: { samples: number; loss: number; accuracy: number },
): History {
  return add(history, { x: samples, testLoss: loss, testAccuracy: accuracy })
}

function smoothed(before: number | undefined, newest: number | undefined): number | undefined {
  if (before === undefined || newest === undefined) return newest ?? before
  return before + newestShare * (newest - before)
}

/** A loss that grew beyond all numbers cannot be drawn. */
function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined
}

/** Adds a row, or completes the last one where it has the same x. */
function add(history: History, row: Row): History {
  const isSame = history.x.at(-1) === row.x
  const x = isSame ? history.x : [...history.x, row.x]
  const added = columns.map((name) => {
    const column = history[name]
    const kept = isSame ? column.slice(0, -1) : column
    const last = isSame ? column.at(-1) : undefined
    return [name, [...kept, finite(row[name]) ?? last ?? null]] as const
  })
  return { ...history, x, ...Object.fromEntries(added) }
}
