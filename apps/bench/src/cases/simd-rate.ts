import { BenchError } from '../errors.ts'
import type { Contender } from '../subject.ts'
import { encodeModule, valueType, wasm } from '../wasm-module.ts'
import { type BenchCase, type CaseFamily, singleCase } from './bench-case.ts'

const lanes = 4
/**
 * Independent chains of multiply and add. Each waits for its own result (2 × 3 or 4 cycles), while
 * a core starts up to two of either per cycle, so about 12 chains keep it busy; with the two
 * factors they still fit into the 15 vector registers that V8 gives out on x64. Measured on Zen 5,
 * Node 24, in GFLOP/s: 8 chains 43, 10 54, 12 64, 13 64, 14 54 (spills).
 */
const accumulators = 12
/** Short calls, many of them: V8 swaps in its optimised code only when a function is called. */
const iterationsPerCall = 4096
const callsPerStep = 100

/** Slow decay towards `offset / (1 − factor)`: neither overflow nor denormals, however long. */
const factor = Math.fround(1 - 2 ** -12)
const offset = 2 ** -12

type Rate = (iterations: number, factor: number, offset: number) => number

/** Plain SIMD, which every engine has, or the relaxed one with its fused multiply-add. */
export type SimdKind = 'plain' | 'relaxed'

/** `simd-rate`, the most that one core can do, and `simd-rate-relaxed`, the same fused. */
export const simdRateFamilies: readonly CaseFamily[] = [
  singleCase(simdRateCase('plain')),
  singleCase(simdRateCase('relaxed')),
]

function simdRateCase(kind: SimdKind): BenchCase {
  const work = kind === 'plain' ? 'multiply and add' : 'relaxed multiply-add'
  return {
    name: kind === 'plain' ? 'simd-rate' : 'simd-rate-relaxed',
    summary: `f32x4 ${work} on registers, ${accumulators} accumulators, one thread`,
    isMachineRate: kind === 'plain',
    flops: 2 * lanes * accumulators * iterationsPerCall * callsPerStep,
    checkSteps: 1,
    // Enough for one rounding in place of two.
    tolerance: { relative: 1e-6, absolute: 0 },
    async prepare() {
      const subject = kind === 'plain' ? 'wasm-simd' : 'wasm-relaxed-simd'
      if (!WebAssembly.validate(encodeRate(kind))) {
        const reason = 'has no relaxed SIMD in this version of Node'
        return { contenders: [], absentees: [{ subject, reason }], expected: [] }
      }
      const contenders = [wasmSimd(subject, instantiateRate(kind))]
      return { contenders, expected: [simulate(iterationsPerCall)] }
    },
  }
}

function wasmSimd(subject: string, rate: Rate): Contender {
  let sum = Number.NaN
  const run = () => {
    for (let call = 0; call < callsPerStep; call++) sum = rate(iterationsPerCall, factor, offset)
  }
  return {
    subject,
    activate: async () => {},
    queue: { enqueue: run, finish: async () => {} },
    step: async () => run(),
    result: async () => [sum],
    dispose: async () => {},
  }
}

function instantiateRate(kind: SimdKind): Rate {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(encodeRate(kind)))
  const { rate } = instance.exports
  if (typeof rate !== 'function') throw new BenchError('simd-rate: the module exports no function.')
  return (iterations, factor, offset) => Number(rate(iterations, factor, offset))
}

/** `rate(iterations, factor, offset)`: the first lane of the sum of all accumulators. */
export function encodeRate(kind: SimdKind): Uint8Array<ArrayBuffer> {
  const [iterations, factor, offset, factors, offsets, first] = [0, 1, 2, 3, 4, 5]
  const chains = Array.from({ length: accumulators }, (_, i) => first + i)
  const { localGet, localSet, localTee, f32x4Splat, f32x4Add } = wasm
  const advance = (chain: number) => [
    ...[...localGet(chain), ...localGet(factors)],
    ...(kind === 'plain'
      ? [...wasm.f32x4Mul, ...localGet(offsets), ...f32x4Add]
      : [...localGet(offsets), ...wasm.f32x4RelaxedMadd]),
    ...localSet(chain),
  ]
  const countDown = [
    ...[...localGet(iterations), ...wasm.i32Const(1), ...wasm.i32Sub],
    ...localTee(iterations),
  ]
  const addToFirst = (chain: number) => [
    ...[...localGet(first), ...localGet(chain)],
    ...[...f32x4Add, ...localSet(first)],
  ]
  return encodeModule({
    exportName: 'rate',
    parameters: [valueType.i32, valueType.f32, valueType.f32],
    result: valueType.f32,
    locals: [factors, offsets, ...chains].map(() => valueType.v128),
    body: [
      ...[...localGet(factor), ...f32x4Splat, ...localSet(factors)],
      ...[...localGet(offset), ...f32x4Splat, ...localSet(offsets)],
      ...chains.flatMap((chain, i) => [...wasm.f32Const(i), ...f32x4Splat, ...localSet(chain)]),
      ...wasm.loopWhile([...chains.flatMap(advance), ...countDown]),
      ...chains.slice(1).flatMap(addToFirst),
      ...[...localGet(first), ...wasm.f32x4ExtractLane(0)],
    ],
  })
}

/** The same in JavaScript, rounded to float32 after every operation. */
export function simulate(iterations: number): number {
  const ends = Array.from({ length: accumulators }, (_, start) => {
    let value = start
    for (let i = 0; i < iterations; i++) {
      value = Math.fround(Math.fround(value * factor) + offset)
    }
    return value
  })
  return ends.reduce((sum, value) => Math.fround(sum + value))
}
