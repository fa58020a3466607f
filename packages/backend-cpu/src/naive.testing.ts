import {
  byteLengthOf,
  type Combiner,
  type ContractKernel,
  castNumber,
  createTypedArray,
  type DType,
  type IndexData,
  identityOf,
  isFloat,
  type Kernel,
  type LoopKernel,
  type Plan,
  type Program,
  type RangeData,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
  type Step,
  type Store,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'

/** What a plan computes, one point after the other and with the plainest arithmetic there is. */

type Point = readonly number[]

function at(array: ArrayLike<number>, index: number): number {
  const value = array[index]
  if (value === undefined) throw new RangeError(`element ${index} of ${array.length}`)
  return value
}

function indexAt(index: IndexData, point: Point): number {
  let sum = index.constant
  for (const { axis, coefficient } of index.terms) sum += coefficient * at(point, axis)
  for (const { of, divisor, modulus, coefficient } of index.digits) {
    const quotient = Math.floor(indexAt(of, point) / divisor)
    const digit = modulus === 0 ? quotient : ((quotient % modulus) + modulus) % modulus
    sum += coefficient * digit
  }
  return sum
}

function isInside(within: readonly RangeData[], point: Point): boolean {
  return within.every(({ index, low, high }) => {
    const value = indexAt(index, point)
    return low <= value && value < high
  })
}

function wrap(value: bigint, dtype: DType): number {
  return Number(dtype === 'int32' ? BigInt.asIntN(32, value) : BigInt.asUintN(8, value))
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function integers(instruction: string, a: bigint, b: bigint): bigint | undefined {
  switch (instruction) {
    case 'add':
      return a + b
    case 'sub':
      return a - b
    case 'mul':
      return a * b
    case 'idiv':
      return b === 0n ? 0n : floorDivide(a, b)
    case 'mod':
      return b === 0n ? 0n : a - b * floorDivide(a, b)
    case 'max':
      return a > b ? a : b
    case 'min':
      return a < b ? a : b
    case 'and':
      return a & b
    case 'or':
      return a | b
    case 'xor':
      return a ^ b
    case 'shl':
      return a << b
    case 'shr':
      return BigInt.asUintN(32, a) >> b
    default:
      return undefined
  }
}

/** `mantissa · 2^exponent`, exactly. */
function decompose(value: number): { mantissa: bigint; exponent: number } {
  let exponent = 0
  let mantissa = value
  for (; !Number.isInteger(mantissa); exponent--) mantissa *= 2
  return { mantissa: BigInt(mantissa), exponent }
}

/** `a − b·floor(a / b)` without intermediate roundings; a divisor of infinity is never reached. */
function remainder(a: number, b: number): number {
  if (!Number.isFinite(a) || Number.isNaN(b) || b === 0) return Number.NaN
  if (!Number.isFinite(b)) return a === 0 || a < 0 === b < 0 ? a : b
  const [x, y] = [decompose(a), decompose(b)]
  const exponent = Math.min(x.exponent, y.exponent)
  const dividend = x.mantissa << BigInt(x.exponent - exponent)
  const divisor = y.mantissa << BigInt(y.exponent - exponent)
  const rest = dividend - divisor * floorDivide(dividend, divisor)
  // Numbers hold 1,024 bits at most: what lies far below the rounding is dropped.
  const dropped = Math.max(rest.toString(2).length - 128, 0)
  return Number(rest >> BigInt(dropped)) * 2 ** (dropped + exponent)
}

const functions: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: remainder,
  max: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : a > b ? a : b),
  min: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : a < b ? a : b),
  exp2: (a) => 2 ** a,
  log2: Math.log2,
  sin: Math.sin,
  sqrt: Math.sqrt,
  floor: Math.floor,
  trunc: Math.trunc,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  tanh: Math.tanh,
  cos: Math.cos,
}

function bitcast(value: number, to: DType): number {
  const view = new DataView(new ArrayBuffer(4))
  if (to === 'int32') view.setFloat32(0, value)
  else view.setInt32(0, value)
  return to === 'int32' ? view.getInt32(0) : view.getFloat32(0)
}

type ApplyStep = Extract<Step, { op: 'apply' }>

export function applyNaively(
  step: ApplyStep,
  argDTypes: readonly DType[],
  args: readonly number[],
): number {
  const { instruction, dtype } = step
  const [a = 0, b = 0, c = 0] = args
  const [from = dtype] = argDTypes
  if (instruction === 'lt') return a < b ? 1 : 0
  if (instruction === 'eq') return a === b ? 1 : 0
  if (instruction === 'where') return a === 1 ? b : c
  if (instruction === 'bitcast') return bitcast(a, dtype)
  if (instruction === 'cast') {
    const wraps = !isFloat(from) && dtype !== 'bool' && !isFloat(dtype)
    return wraps ? wrap(BigInt(a), dtype) : castNumber(a, dtype)
  }
  if (!isFloat(dtype)) {
    const result = integers(instruction, BigInt(a), BigInt(b))
    if (result === undefined) throw new TypeError(`${instruction} of ${dtype}`)
    return wrap(result, dtype)
  }
  const apply = functions[instruction]
  if (apply === undefined) throw new TypeError(`${instruction} of ${dtype}`)
  return castNumber(apply(a, b), dtype)
}

interface Context {
  readonly operands: readonly TypedArray[]
  readonly scalars: readonly number[]
  readonly reduced: readonly number[]
}

function valuesAt(program: Program, point: Point, context: Context): number[] {
  const values: number[] = []
  for (const step of program) values.push(valueOfStep(step, program, values, point, context))
  return values
}

function valueOfStep(
  step: Step,
  program: Program,
  values: readonly number[],
  point: Point,
  context: Context,
): number {
  switch (step.op) {
    case 'constant':
      return castNumber(step.value, step.dtype)
    case 'scalar':
      return castNumber(at(context.scalars, step.scalar), step.dtype)
    case 'load':
      if (!isInside(step.within, point)) return 0
      return at(at2(context.operands, step.operand), indexAt(step.index, point))
    case 'gather':
      if (!isInside(step.within, point)) return 0
      return at(
        at2(context.operands, step.operand),
        indexAt(step.index, point) + at(values, step.offset),
      )
    case 'index':
      return indexAt(step.index, point)
    case 'inside':
      return isInside(step.within, point) ? 1 : 0
    case 'reduced':
      return castNumber(at(context.reduced, step.reduction), step.dtype)
    case 'apply': {
      const dtypes = step.args.map((arg) => at2(program, arg).dtype)
      const args = step.args.map((arg) => at(values, arg))
      return applyNaively(step, dtypes, args)
    }
  }
}

function at2<T>(array: readonly T[], index: number): T {
  const value = array[index]
  if (value === undefined) throw new RangeError(`element ${index} of ${array.length}`)
  return value
}

function store(stores: readonly Store[], values: readonly number[], point: Point, to: Context) {
  for (const { value, operand, index } of stores) {
    const array = at2(to.operands, operand)
    const element = indexAt(index, point)
    at(array, element)
    array[element] = at(values, value)
  }
}

/** All points of some axes of a kernel, from `point` on, which gives the other counters. */
function* points(sizes: readonly number[], axes: readonly number[], point: Point): Iterable<Point> {
  const [axis, ...rest] = axes
  if (axis === undefined) {
    yield point
    return
  }
  for (let counter = 0; counter < at(sizes, axis); counter++) {
    const next = point.slice()
    next[axis] = counter
    yield* points(sizes, rest, next)
  }
}

function combine(combiner: Combiner, dtype: DType, a: number, b: number): number {
  const names = { sum: 'add', prod: 'mul', max: 'max', min: 'min' } as const
  if (isFloat(dtype)) return at2([functions[names[combiner]]], 0)?.(a, b) ?? 0
  if (dtype === 'bool')
    return castNumber(Number(integers(names[combiner], BigInt(a), BigInt(b))), 'bool')
  return wrap(integers(names[combiner], BigInt(a), BigInt(b)) ?? 0n, dtype)
}

function runLoops(kernel: LoopKernel, context: Context): void {
  const { axes, outer, stages } = kernel
  const numbers = axes.map((_, axis) => axis)
  const origin = axes.map(() => 0)
  for (const outerPoint of points(axes, numbers.slice(0, outer), origin)) {
    const reduced: number[] = []
    for (const { over, program, reductions, stores } of stages) {
      const results = reductions.map(({ combiner, dtype }) => identityOf(combiner, dtype))
      const inner = over === 'all' ? numbers.slice(outer) : []
      const known = { ...context, reduced: reduced.slice() }
      for (const point of points(axes, inner, outerPoint)) {
        const values = valuesAt(program, point, known)
        reductions.forEach(({ combiner, dtype, value }, r) => {
          results[r] = combine(combiner, dtype, at(results, r), at(values, value))
        })
        store(stores, values, point, context)
      }
      reduced.push(...results)
    }
  }
}

function runContraction(kernel: ContractKernel, context: Context): void {
  const { axes, batch, m, n, k, left, right, epilogue, stores } = kernel
  const dtype = at2(left.program, left.program.length - 1).dtype
  const origin = axes.map(() => 0)
  for (const outerPoint of points(axes, [...batch, ...m, ...n], origin)) {
    let sum = 0
    for (const point of points(axes, k, outerPoint)) {
      const a = valuesAt(left.program, point, context).at(-1) ?? 0
      const b = valuesAt(right.program, point, context).at(-1) ?? 0
      sum = isFloat(dtype) ? sum + a * b : wrap(BigInt(sum) + BigInt(a) * BigInt(b), dtype)
    }
    const values = valuesAt(epilogue, outerPoint, { ...context, reduced: [sum] })
    store(stores, values, outerPoint, context)
  }
}

/** The points of each row of a walk, in order. */
function* rowsOf({ axes, outer }: ScanKernel | SortKernel | ScatterKernel): Iterable<Point[]> {
  const numbers = axes.map((_, axis) => axis)
  const origin = axes.map(() => 0)
  for (const row of points(axes, numbers.slice(0, outer), origin)) {
    yield [...points(axes, numbers.slice(outer), row)]
  }
}

function runScan(kernel: ScanKernel, context: Context): void {
  const { program, store } = kernel
  const { combiner, dtype, value } = kernel.reduction
  const out = at2(context.operands, store.operand)
  for (const row of rowsOf(kernel)) {
    let total = identityOf(combiner, dtype)
    for (const point of row) {
      total = combine(combiner, dtype, total, at(valuesAt(program, point, context), value))
      const element = indexAt(store.index, point)
      at(out, element)
      out[element] = castNumber(total, dtype)
    }
  }
}

/** Whether `a` comes after `b`: by selection, with the rules of the contract one by one. */
function comesAfter(a: number, b: number, descending: boolean): boolean {
  if (Number.isNaN(b)) return false
  if (Number.isNaN(a)) return true
  return descending ? a < b : a > b
}

function runSort(kernel: SortKernel, context: Context): void {
  const { program, store, descending } = kernel
  const out = at2(context.operands, store.operand)
  for (const row of rowsOf(kernel)) {
    const values = row.map((point) => at(valuesAt(program, point, context), store.value))
    const order: number[] = []
    values.forEach((value, position) => {
      const to = order.findIndex((other) => comesAfter(at(values, other), value, descending))
      order.splice(to < 0 ? order.length : to, 0, position)
    })
    row.forEach((point, position) => {
      const element = indexAt(store.index, point)
      at(out, element)
      out[element] = at(order, position)
    })
  }
}

function runScatter(kernel: ScatterKernel, context: Context): void {
  const { program, target, stride, size, store } = kernel
  const { dtype } = at2(program, store.value)
  const out = at2(context.operands, store.operand)
  for (const row of rowsOf(kernel)) {
    for (const point of row) {
      const values = valuesAt(program, point, context)
      const chosen = at(values, target)
      if (chosen < 0 || chosen >= size) continue
      const element = indexAt(store.index, point) + stride * chosen
      const sum = combine('sum', dtype, at(out, element), at(values, store.value))
      out[element] = castNumber(sum, dtype)
    }
  }
}

function runKernel(kernel: Kernel, context: Context): void {
  switch (kernel.kind) {
    case 'contract':
      runContraction(kernel, context)
      break
    case 'scan':
      runScan(kernel, context)
      break
    case 'sort':
      runSort(kernel, context)
      break
    case 'scatter':
      runScatter(kernel, context)
      break
    case 'custom':
      throw new Error('a custom kernel is not interpreted')
    default:
      runLoops(kernel, context)
  }
}

/** Runs a plan on copies of the inputs and returns the outputs. */
export function runNaively(
  plan: Plan,
  inputs: readonly TypedArray[],
  scalars: readonly number[] = [],
): TypedArray[] {
  const ins = inputs.map((input) => input.slice())
  const outs = plan.outputs.map(({ dtype, size, donated }) =>
    donated === undefined ? createTypedArray(dtype, size) : at2(ins, donated),
  )
  const arena = new ArrayBuffer(plan.arenaByteLength)
  for (const kernel of plan.kernels) {
    const operands = kernel.operands.map(({ slot, dtype }) => {
      const place = at2(plan.slots, slot)
      if (place.in === 'input') return at2(ins, place.input)
      if (place.in === 'output') return at2(outs, place.output)
      const size = byteLengthOf(place.dtype, place.size) / byteLengthOf(dtype)
      return viewTypedArray(dtype, arena, place.byteOffset, size)
    })
    const context = { operands, scalars, reduced: [] }
    runKernel(kernel, context)
  }
  return outs
}
