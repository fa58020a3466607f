import {
  type Code,
  type FunctionBuilder,
  i32,
  i32x4,
  type Local,
  type ModuleBuilder,
  v128,
} from '../assembler/index.ts'
import type { LaneDType } from '../scalar/register.ts'
import type { Vector } from '../scalar/vector.ts'

type Gather = FunctionBuilder<'v128'>

/**
 * Functions of a module that load up to four elements, each lane on its own: lane k is loaded if
 * bit k of the last argument is set, and 0 otherwise.
 */
export class GatherFunctions {
  readonly #module: ModuleBuilder
  readonly #made = new Map<string, Gather>()

  constructor(module: ModuleBuilder) {
    this.#module = module
  }

  /** Elements `step` bytes apart. */
  strided(dtype: LaneDType, address: Code<'i32'>, step: number, bits: Code<'i32'>): Vector {
    const gather = this.#function(dtype, 'strided', (name) => {
      const f = this.#module.define(name, 'v128')
      const [first, distance, chosen] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
      return fill(f, dtype, chosen, (lane) => i32.add(first, i32.mul(distance, i32.const(lane))))
    })
    return masked(dtype, gather.call(address, i32.const(step), bits))
  }

  /** Elements at four addresses. */
  scattered(dtype: LaneDType, addresses: Vector, bits: Code<'i32'>): Vector {
    const gather = this.#function(dtype, 'scattered', (name) => {
      const f = this.#module.define(name, 'v128')
      const [all, chosen] = [f.parameter('v128'), f.parameter('i32')]
      return fill(f, dtype, chosen, (lane) => i32x4.extractLane(all, lane))
    })
    return masked(dtype, gather.call(addresses, bits))
  }

  #function(dtype: LaneDType, kind: string, make: (name: string) => Gather): Gather {
    const width = isWord(dtype) ? 'words' : 'bytes'
    const name = `gather ${kind} ${width}`
    const known = this.#made.get(name)
    if (known !== undefined) return known
    const made = make(name)
    this.#made.set(name, made)
    return made
  }
}

const isWord = (dtype: LaneDType) => dtype === 'float32' || dtype === 'int32'

function masked(dtype: LaneDType, value: Vector): Vector {
  return dtype === 'bool' ? i32x4.ne(value, i32x4.constSplat(0)) : value
}

function fill(
  f: Gather,
  dtype: LaneDType,
  chosen: Local<'i32'>,
  address: (lane: number) => Code<'i32'>,
): Gather {
  const result = f.local('v128')
  for (const lane of [0, 1, 2, 3]) {
    f.if(i32.and(chosen, i32.const(1 << lane)), () => {
      const loaded = isWord(dtype)
        ? v128.load32Lane(address(lane), result, lane)
        : i32x4.replaceLane(result, lane, i32.load8U(address(lane)))
      f.set(result, loaded)
    })
  }
  f.result(result)
  return f
}
