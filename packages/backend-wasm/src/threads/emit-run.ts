import {
  atomic,
  type Code,
  drop,
  type FunctionBuilder,
  i32,
  i64,
  type Local,
  type ModuleBuilder,
  unreachable,
} from '../assembler/index.ts'
import { words } from './control.ts'

/** A function `(table, scratch, piece)` for each piece of a kernel; they may run in any order. */
export interface PiecedKernel {
  readonly f: FunctionBuilder
  readonly pieces: number
  /** Scratch memory that it needs while it does a piece. */
  readonly scratchBytes: number
  /** Whether the word at the start of scratch memory must be −1 before its first piece. */
  readonly remembers: boolean
}

/** Turns of a loop that waits before the thread sleeps: some microseconds. */
const spins = 2000
const nanosecondsPerSecond = 1_000_000_000

const offsetOf = (word: keyof typeof words) => 4 * words[word]

type Word = Code<'i32'>

/** The code of `run(table, scratch)` for one thread. */
export function emitSerialRun(run: FunctionBuilder, kernels: readonly PiecedKernel[]): void {
  const [table, scratch] = [run.parameter('i32'), run.parameter('i32')]
  for (const { f, pieces, remembers } of kernels) {
    if (remembers) run.do(i32.store(scratch, i32.const(-1)))
    if (pieces === 1) run.do(f.call(table, scratch, i32.const(0)))
    if (pieces < 2) continue
    const piece = run.local('i32', i32.const(0))
    run.repeat(() => {
      run.do(f.call(table, scratch, piece))
      run.set(piece, i32.add(piece, i32.const(1)))
      return i32.ltU(piece, i32.const(pieces))
    })
  }
}

/**
 * The code of `run(table, scratch, control, threads, number)`, which all threads call, each with its
 * number. Kernels of one piece that follow each other are done by one thread, without waiting in
 * between. There are `slots` threads at most; each has a part of the scratch memory, or each piece
 * where these are fewer.
 */
export function emitSharedRun(
  module: ModuleBuilder,
  run: FunctionBuilder,
  kernels: readonly PiecedKernel[],
  slots: number,
  patience: number,
): void {
  const wait = defineBarrier(module, patience)
  const [table, scratch] = [run.parameter('i32'), run.parameter('i32')]
  const [control, threads, number] = [
    run.parameter('i32'),
    run.parameter('i32'),
    run.parameter('i32'),
  ]
  const claim = () => atomic.add(control, i32.const(1), offsetOf('claims'))
  const ticket = run.local('i32', claim())
  const own = run.local('i32')
  const begin = ({ scratchBytes, remembers }: PiecedKernel, slot: Word) => {
    run.set(own, i32.add(scratch, i32.mul(slot, i32.const(scratchBytes))))
    if (remembers) run.do(i32.store(own, i32.const(-1)))
  }
  let first = 0
  const emitStep = (step: readonly PiecedKernel[]) => {
    const pieces = step[0]?.pieces ?? 0
    const isByThread = pieces >= slots
    if (isByThread) for (const kernel of step) begin(kernel, number)
    run.while(i32.ltU(ticket, i32.const(first + pieces)), () => {
      const piece = i32.sub(ticket, i32.const(first))
      for (const kernel of step) {
        if (!isByThread) begin(kernel, piece)
        run.do(kernel.f.call(table, own, piece))
      }
      run.set(ticket, claim())
    })
    run.do(wait.call(control, threads))
    first += pieces
  }
  for (const step of stepsOf(kernels)) emitStep(step)
}

/** Kernels that need no barrier between them. */
function stepsOf(kernels: readonly PiecedKernel[]): PiecedKernel[][] {
  const steps: PiecedKernel[][] = []
  for (const kernel of kernels) {
    const last = steps.at(-1)
    if (kernel.pieces === 1 && last?.[0]?.pieces === 1) last.push(kernel)
    else if (kernel.pieces > 0) steps.push([kernel])
  }
  return steps
}

/** `barrier(control, threads)`: returns when all threads have called it. */
function defineBarrier(module: ModuleBuilder, patience: number): FunctionBuilder {
  const f = module.define('barrier')
  const [control, threads] = [f.parameter('i32'), f.parameter('i32')]
  const load = (word: keyof typeof words): Word => atomic.load(control, offsetOf(word))
  f.if(i32.gtU(threads, i32.const(1)), () => {
    const generation = f.local('i32', load('generation'))
    // A fault is set before the generation is ended for it: whoever comes later sees it here.
    f.if(load('fault'), () => f.do(unreachable))
    const before = f.local('i32', atomic.add(control, i32.const(1), offsetOf('arrived')))
    const isPast = () => i32.ne(load('generation'), generation)
    f.if(
      i32.eq(i32.add(before, i32.const(1)), threads),
      () => {
        f.do(atomic.store(control, i32.const(0), offsetOf('arrived')))
        f.do(drop(atomic.add(control, i32.const(1), offsetOf('generation'))))
        f.do(drop(atomic.notify(control, i32.const(-1), offsetOf('generation'))))
      },
      () => {
        const turns = f.local('i32', i32.const(spins))
        f.while(i32.and(i32.eqz(isPast()), i32.ne(turns, i32.const(0))), () => {
          f.set(turns, i32.sub(turns, i32.const(1)))
        })
        sleep(f, control, generation, isPast, patience)
      },
    )
    f.if(load('fault'), () => f.do(unreachable))
  })
  return f
}

/** Sleeps until the next generation, or breaks off when nobody took a piece for too long. */
function sleep(
  f: FunctionBuilder,
  control: Local<'i32'>,
  generation: Local<'i32'>,
  isPast: () => Word,
  patience: number,
): void {
  const seconds = f.local('i32', i32.const(patience))
  const claims = f.local('i32')
  f.while(i32.eqz(isPast()), () => {
    f.set(claims, atomic.load(control, offsetOf('claims')))
    const time = i64.const(nanosecondsPerSecond)
    const outcome = atomic.wait(control, generation, time, offsetOf('generation'))
    f.if(i32.eq(outcome, i32.const(2)), () => {
      f.set(seconds, i32.sub(seconds, i32.const(1)))
      const isMoving = i32.ne(claims, atomic.load(control, offsetOf('claims')))
      f.if(isMoving, () => f.set(seconds, i32.const(patience)))
      f.if(i32.eqz(seconds), () => f.do(unreachable))
    })
  })
}
