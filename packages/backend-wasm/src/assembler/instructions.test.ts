import { expect, test } from 'vitest'
import { atomic } from './atomic.ts'
import type { Code, ValueType } from './code.ts'
import { drop, fillMemory, unreachable } from './function-builder.ts'
import { i32 } from './i32.ts'
import { i64 } from './i64.ts'
import { ModuleBuilder } from './module-builder.ts'
import { f32x4, f64x2, i8x16, i16x8, i32x4, relaxed, v128 } from './v128.ts'
import { decode } from './wabt.testing.ts'

const bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

/** Instruction names of the text format are like those here, in snake case and without marks. */
function textName(prefix: string, method: string): string {
  const words = method.replace(/(I\d+x\d+|F\d+x\d+|[A-Z]|(?<=load|store)\d+)/g, '_$1').toLowerCase()
  return `${prefix}.${words.replace(/(load|store)_(\d+)/, '$1$2')}`
}

interface Sample {
  readonly name: string
  readonly code: Code
}

/** Arguments by their number and kind, tried in turn until the instruction has one result. */
function samplesOf(
  prefix: string,
  methods: object,
  names: Readonly<Record<string, string>>,
): Sample[] {
  return Object.entries(methods).map(([method, make]) => {
    const code = sampleOf(method, make)
    return { name: names[method] ?? textName(prefix, method), code }
  })
}

const address = i32.const(64)
const vector = i32x4.const(1, 2, 3, 4)
const integer = i32.const(7)
const wide = i64.load(address, 8)

function sampleOf(method: string, make: (...args: never[]) => Code): Code {
  const call = make as (...args: readonly unknown[]) => Code
  const isInteger = make === (i32 as Record<string, unknown>)[method]
  if (method === 'const' && isInteger) return call(-5)
  if (method === 'const') return make === v128.const ? call(bytes) : call(1, 2, 3, 4)
  if (method === 'constSplat') return call(1.5)
  if (method === 'shuffle') return call(vector, vector, bytes)
  if (method === 'splat') return call(integer)
  if (method === 'extractLane') return call(vector, 2)
  if (method === 'replaceLane') return call(vector, 2, integer)
  if (/^sh[lr]/.test(method)) return isInteger ? call(integer, integer) : call(vector, 3)
  if (/^load.*Lane/.test(method)) return call(address, vector, 1, 8)
  if (/^load/.test(method)) return call(address, 8)
  if (/^store.*Lane/.test(method)) return call(address, vector, 1, 8)
  if (/^store/.test(method)) return call(address, isInteger ? integer : vector, 8)
  const value = isInteger ? integer : vector
  return call(value, value, value)
}

const samples: readonly Sample[] = [
  ...samplesOf('i32', i32, { load8U: 'i32.load8_u', select: 'select' }),
  { name: 'i64.load', code: wide },
  { name: 'i64.store', code: i64.store(address, wide, 8) },
  { name: 'i64.gt_s', code: i64.gtS(wide, wide) },
  { name: 'select', code: i64.select(wide, wide, integer) },
  ...samplesOf('v128', v128, { andNot: 'v128.andnot', bitSelect: 'v128.bitselect' }),
  ...samplesOf('i8x16', i8x16, {}),
  ...samplesOf('i16x8', i16x8, {}),
  ...samplesOf('i32x4', i32x4, { const: 'v128.const', constSplat: 'v128.const' }),
  ...samplesOf('f32x4', f32x4, { const: 'v128.const', constSplat: 'v128.const' }),
  ...samplesOf('f64x2', f64x2, { constSplat: 'v128.const' }),
  { name: 'f32x4.relaxed_madd', code: relaxed.maddF32x4(vector, vector, vector) },
  { name: 'f32x4.relaxed_nmadd', code: relaxed.nmaddF32x4(vector, vector, vector) },
  { name: 'i32x4.relaxed_laneselect', code: relaxed.laneSelectI32x4(vector, vector, vector) },
  { name: 'memory.fill', code: fillMemory(address, integer, integer) },
  { name: 'i32.atomic.load', code: atomic.load(address, 8) },
  { name: 'i32.atomic.store', code: atomic.store(address, integer, 8) },
  { name: 'i32.atomic.rmw.add', code: atomic.add(address, integer, 8) },
  { name: 'memory.atomic.notify', code: atomic.notify(address, integer, 8) },
  { name: 'memory.atomic.wait32', code: atomic.wait(address, integer, i64.const(-1), 8) },
  { name: 'i64.const', code: i64.const(1_000_000_000) },
  { name: 'drop', code: drop(integer) },
  { name: 'unreachable', code: unreachable },
]

test('every instruction is what another decoder reads', async () => {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minimum: 1 })
  for (const { name, code } of samples) {
    const f = module.define(name)
    const { type } = code
    if (type === 'none') f.do(code as Code<'none'>)
    else f.set(f.local(type), code as Code<ValueType>)
  }
  const text = await decode(module)
  const functions = text.split('(func ').slice(1)
  expect(functions).toHaveLength(samples.length)
  samples.forEach(({ name }, k) => {
    const lines = (functions[k] ?? '').split('\n').map((line) => line.trim())
    const instruction = lines.filter((line) => !/^(\(|local\.set)/.test(line)).at(-1) ?? ''
    const own = lines.findLast((line) => line.split(/[\s)]/)[0] === name)
    expect(own, `${name}, got ${instruction}`).toBeDefined()
  })
})

test('offsets, lanes and constants are written as they are given', async () => {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minimum: 1 })
  const f = module.define('f', 'v128')
  const loaded = v128.load32Lane(i32.const(1000), v128.load(i32.const(-1), 70_000), 3, 132)
  f.result(i32x4.replaceLane(loaded, 1, i32.const(2 ** 31 - 1)))
  const text = await decode(module)
  expect(text).toContain('i32.const 1000')
  expect(text).toContain('i32.const -1')
  expect(text).toContain('v128.load offset=70000')
  expect(text).toContain('v128.load32_lane offset=132 3')
  expect(text).toContain('i32.const 2147483647')
  expect(text).toContain('i32x4.replace_lane 1')
})
