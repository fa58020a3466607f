import { describe, expect, test } from 'vitest'
import { i32 } from './i32.ts'
import { ModuleBuilder } from './module-builder.ts'
import { f32x4, v128 } from './v128.ts'
import { decode } from './wabt.testing.ts'

function run(module: ModuleBuilder, name: string, ...args: readonly number[]): unknown {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const compiled = new WebAssembly.Module(module.finish())
  const instance = new WebAssembly.Instance(compiled, { env: { memory } })
  const exported = instance.exports[name]
  if (typeof exported !== 'function') throw new Error(`no function ${name}`)
  return exported(...args)
}

describe('a module', () => {
  test('has the sections that it was given', async () => {
    const module = new ModuleBuilder()
    module.importMemory('env', 'memory', { minimum: 1, maximum: 10 })
    const twice = module.define('twice', 'i32')
    const x = twice.parameter('i32')
    twice.result(i32.add(x, x))
    const f = module.define('f')
    f.do(i32.store(f.parameter('i32'), twice.call(i32.const(21))))
    module.export(f)
    expect(await decode(module)).toBe(`(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param i32)))
  (import "env" "memory" (memory (;0;) 1 10))
  (func $twice (type 0) (param i32) (result i32)
    local.get 0
    local.get 0
    i32.add)
  (func $f (type 1) (param i32)
    local.get 0
    i32.const 21
    call $twice
    i32.store)
  (export "f" (func $f)))
`)
  })

  test('runs', () => {
    const module = new ModuleBuilder()
    module.importMemory('env', 'memory', { minimum: 1 })
    const f = module.define('dot', 'i32')
    const n = f.parameter('i32')
    const [sum, k] = [f.local('i32'), f.local('i32')]
    f.while(i32.ltS(k, n), () => {
      f.set(sum, i32.add(sum, i32.mul(k, k)))
      f.set(k, i32.add(k, i32.const(1)))
    })
    f.result(sum)
    module.export(f)
    expect(run(module, 'dot', 5)).toBe(30)
    expect(run(module, 'dot', 0)).toBe(0)
  })
})

describe('control flow', () => {
  test('if and else, and loops that run at least once', () => {
    const module = new ModuleBuilder()
    module.importMemory('env', 'memory', { minimum: 1 })
    const f = module.define('collatz', 'i32')
    const n = f.parameter('i32')
    const steps = f.local('i32')
    f.repeat(() => {
      const isOdd = i32.and(n, i32.const(1))
      f.if(
        isOdd,
        () => f.set(n, i32.add(i32.mul(n, i32.const(3)), i32.const(1))),
        () => f.set(n, i32.shrU(n, i32.const(1))),
      )
      f.set(steps, i32.add(steps, i32.const(1)))
      return i32.ne(n, i32.const(1))
    })
    f.result(steps)
    module.export(f)
    expect(run(module, 'collatz', 27)).toBe(111)
    expect(run(module, 'collatz', 1)).toBe(3)
  })
})

test('locals of all types keep apart from parameters', async () => {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minimum: 1 })
  const f = module.define('f')
  const p = f.parameter('i32')
  const a = f.local('v128')
  const b = f.local('v128', v128.load(p))
  const c = f.local('i32', p)
  f.set(a, f32x4.add(b, b))
  f.do(v128.store(c, a))
  expect(await decode(module)).toContain('(local v128 v128 i32)')
  expect(() => f.parameter('i32')).toThrow('parameters are declared before locals')
})

test('memory is imported as a shared one', async () => {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minimum: 1, maximum: 300, isShared: true })
  expect(await decode(module)).toContain('(import "env" "memory" (memory (;0;) 1 300 shared))')
})

test('a module without functions is valid', () => {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { minimum: 1 })
  expect(WebAssembly.validate(module.finish())).toBe(true)
})
