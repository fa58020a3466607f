import { ModuleBuilder } from '../assembler/index.ts'
import { defineProduct } from './multiply.ts'
import type { RatedTile } from './tile.ts'

/** The panels of a product that fits the first-level cache. */
const depth = 64
const rowPanels = 8
const columnPanels = 4
const rightAddress = 32_768
const sumsAddress = 49_152
const sumsRowBytes = 256
/** Calls that are timed together: some 100 µs of optimised code. */
const callsPerSample = 30
const milliseconds = 12
const leastSamples = 4
/** How much faster code is once the engine has optimised it, at least. */
const leastGain = 1.5
/** Differences from what is expected that may come from other programs on the machine. */
const tolerance = 0.12

type Multiply = () => void

interface Candidate {
  readonly tile: RatedTile
  readonly run: Multiply
  readonly times: number[]
}

/**
 * Times the micro-kernel of each tile for some milliseconds and returns the tiles with the rates
 * that the machine shows, where they are far from those expected, relative to the tile of rate 1.
 * Where the engine does not optimise the code in that time, or its clock is too coarse, rates stay
 * as they were.
 */
export function probeTiles(tiles: readonly RatedTile[]): readonly RatedTile[] {
  if (clockStep() > 0.02) return tiles
  const candidates = compile(tiles)
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    for (const { run, times } of candidates) {
      const start = performance.now()
      for (let call = 0; call < callsPerSample; call++) run()
      times.push(performance.now() - start)
    }
  }
  const measured = candidates.map(({ tile, times }) => {
    const [first = 0, ...others] = times
    const least = Math.min(...others)
    const isOptimised = times.length > leastSamples && first > leastGain * least
    return isOptimised ? { ...tile, rate: (tile.rows * tile.columns) / least } : undefined
  })
  const known = measured.filter((tile) => tile !== undefined)
  if (known.length < tiles.length) return tiles
  const usual = known.reduce((best, tile, k) => (rateOf(tiles[k]) === 1 ? tile : best))
  return known.map((tile, k) => {
    const rate = tile.rate / usual.rate
    const expected = rateOf(tiles[k])
    return Math.abs(rate / expected - 1) < tolerance
      ? { ...tile, rate: expected }
      : { ...tile, rate }
  })
}

const rateOf = (tile: RatedTile | undefined) => tile?.rate ?? 1

/** The least difference of two readings of the clock, in milliseconds. */
function clockStep(): number {
  const start = performance.now()
  let now = start
  while (now === start) now = performance.now()
  return now - start
}

function compile(tiles: readonly RatedTile[]): Candidate[] {
  const module = new ModuleBuilder()
  module.importMemory('probe', 'memory', { minimum: 1 })
  const names = tiles.map((tile) => {
    const name = `${tile.rows}x${tile.columns}`
    module.export(defineProduct(module, name, 'float32', tile))
    return name
  })
  const memory = new WebAssembly.Memory({ initial: 2 })
  const compiled = new WebAssembly.Module(module.finish())
  const { exports } = new WebAssembly.Instance(compiled, { probe: { memory } })
  return tiles.flatMap((tile, k) => {
    const multiply = exports[names[k] ?? '']
    if (typeof multiply !== 'function') return []
    const [leftBytes, rightBytes] = [4 * depth * tile.rows, 4 * depth * tile.columns]
    const run = () => {
      multiply(
        ...[depth, rowPanels, columnPanels, 0, leftBytes, rightAddress, rightBytes],
        ...[4 * tile.columns, sumsAddress, sumsRowBytes, 0],
      )
    }
    return [{ tile, run, times: [] }]
  })
}
