import type { IndexData, RangeData, Step, Store } from '@tensorweft/core'
import { type Code, type FunctionBuilder, i8x16, i32, i32x4 } from '../assembler/index.ts'
import { lanes } from '../scalar/halves.ts'
import { constantOf, type LaneDType } from '../scalar/register.ts'
import type { Vector, VectorLocal } from '../scalar/vector.ts'
import { coefficientOf } from './bounds.ts'
import { type CursorPlace, CursorSet } from './cursors.ts'
import { type ArrayPlace, elementBytes, type Frame } from './frame.ts'
import { GuardSet } from './guards.ts'
import { type AxisValue, addConstant } from './index-code.ts'
import { laneIndex, ramp } from './lane-index.ts'
import { type LaneAddress, loadLanes, loadScattered, storeLanes } from './lane-memory.ts'
import { isVarying, type Nest, type Part } from './nest.ts'

/** An index that a step or a store uses. */
interface Access {
  readonly index: IndexData
  readonly array: ArrayPlace | undefined
  /** Undefined where its digits differ from lane to lane. */
  readonly place: CursorPlace | undefined
  /** What the cursor gains from lane to lane. */
  readonly step: number
  /** Number of its guard; undefined if it always holds. */
  readonly guard: number | undefined | 'never'
  /** Bytes to go further, the same for all lanes. */
  readonly ahead?: Code<'i32'> | undefined
}

const noIndex: IndexData = { constant: 0, terms: [], digits: [] }

type LoadStep = Extract<Step, { op: 'load' }>
type GatherStep = Extract<Step, { op: 'gather' }>
type IndexStep = Extract<Step, { op: 'index' }>
type InsideStep = Extract<Step, { op: 'inside' }>
type AccessStep = LoadStep | GatherStep | IndexStep | InsideStep

/** What depends on indexes in one program of a nest: loads, stores, indexes and conditions. */
export class AccessSet {
  readonly guards: GuardSet
  readonly #frame: Frame
  readonly #f: FunctionBuilder
  readonly #nest: Nest
  readonly #cursors: CursorSet
  readonly #accesses = new Map<AccessStep | Store, Access>()
  #axisValue: AxisValue = () => undefined

  constructor(frame: Frame, nest: Nest) {
    this.#frame = frame
    this.#f = frame.f
    this.#nest = nest
    this.#cursors = new CursorSet(nest)
    this.guards = new GuardSet(nest, this.#cursors)
  }

  addStep(step: AccessStep): void {
    switch (step.op) {
      case 'load':
        this.#add(step, step.index, this.#frame.array(step.operand), step.within)
        break
      case 'gather':
        // Without its offset an index may lie outside of the array: no cursor can be shared.
        this.#add(step, step.index, this.#frame.array(step.operand), step.within, false)
        break
      case 'index':
        this.#add(step, step.index, undefined, [], false)
        break
      case 'inside':
        this.#add(step, noIndex, undefined, step.within, false)
    }
  }

  addStore(store: Store): void {
    this.#add(store, store.index, this.#frame.array(store.operand), [])
  }

  enter(depth: number, axisValue: AxisValue): void {
    this.#axisValue = axisValue
    this.#cursors.enter(this.#f, depth, axisValue)
    this.guards.enter(this.#f, depth)
  }

  open(position: number): void {
    this.#cursors.open(this.#f, position)
  }

  advance(position: number, points: number): void {
    this.#cursors.advance(this.#f, position, points)
  }

  save() {
    return { cursors: this.#cursors.save(), guards: this.guards.save() }
  }

  restore({ cursors, guards }: ReturnType<AccessSet['save']>): void {
    this.#cursors.restore(cursors)
    this.guards.restore(guards)
  }

  /**
   * The lanes of a part: elements, 0 where the guard does not hold. Those of a gather are `ahead`
   * bytes from where its index says.
   */
  load(step: LoadStep | GatherStep, part: Part, ahead?: Code<'i32'>): Vector {
    const access = { ...this.#accessOf(step), ahead }
    return this.#guarded(
      access,
      part,
      () => this.#loadAll(access, part),
      (bits) => this.#loadSome(access, part, bits),
    )
  }

  /** The same where each lane has an offset of its own, in elements. */
  gather(step: GatherStep, part: Part, offsets: VectorLocal): Vector {
    const access = this.#accessOf(step)
    const { array } = access
    if (array === undefined) return constantOf('int32', 0)
    const isWord = elementBytes(array.dtype) === 4
    const byteOffsets = isWord ? i32x4.shl(offsets, 2) : offsets
    const addresses = () => {
      return this.#f.local('v128', i32x4.add(this.#laneAddresses(access, part), byteOffsets))
    }
    return this.#guarded(
      access,
      part,
      () => loadScattered(array.dtype, addresses(), part.lanes),
      (bits) => this.#frame.gathers.scattered(array.dtype, addresses(), bits),
    )
  }

  /** A value where the guard of an access holds in all lanes, another where it may not. */
  #guarded(
    access: Access,
    part: Part,
    all: () => Vector,
    some: (bits: Code<'i32'>) => Vector,
  ): Vector {
    const { guard } = access
    if (guard === 'never') return constantOf('int32', 0)
    if (guard === undefined || this.guards.isKnown(guard)) return all()
    const value = this.#f.local('v128')
    const inside = this.guards.allInside(guard, part)
    const loadAll = () => this.#f.set(value, all())
    const loadSome = () => this.#f.set(value, some(this.#insideBits(guard, part)))
    if (inside === undefined) loadSome()
    else if (this.guards.isUniform(guard)) {
      const nothing = () => this.#f.set(value, constantOf('int32', 0))
      this.#f.if(inside, loadAll, nothing)
    } else this.#f.if(inside, loadAll, loadSome)
    return value
  }

  index(step: IndexStep, part: Part): Vector {
    const access = this.#accessOf(step)
    return this.#laneAddresses(access, part)
  }

  inside(step: InsideStep, part: Part): Vector {
    const { guard } = this.#accessOf(step)
    if (guard === 'never') return constantOf('bool', 0)
    if (guard === undefined) return constantOf('bool', 1)
    return this.guards.mask(this.#f, guard, part, this.#axisValue)
  }

  /** Whether the lanes of a store are different elements at even distances. */
  isSpread(store: Store): boolean {
    const { place, step } = this.#accessOf(store)
    return place !== undefined && step !== 0
  }

  /** Changes the elements of such a store that are `ahead` bytes further. */
  updateLanes(
    store: Store,
    part: Part,
    ahead: Code<'i32'>,
    change: (old: VectorLocal) => Vector,
  ): void {
    const access = { ...this.#accessOf(store), ahead }
    const { array, place } = access
    if (array === undefined || place === undefined) return
    this.#change(array.dtype, this.#address(access, place, part), change)
  }

  /** The addresses of a store, lane by lane. */
  addresses(store: Store, part: Part): VectorLocal {
    return this.#f.local('v128', this.#laneAddresses(this.#accessOf(store), part))
  }

  /** Changes the element of a store at an address. */
  updateAt(store: Store, address: Code<'i32'>, change: (old: VectorLocal) => Vector): void {
    const { array } = this.#accessOf(store)
    if (array === undefined) return
    this.#change(array.dtype, { address, offset: 0, step: 0, count: 1 }, change)
  }

  store(store: Store, value: Vector, part: Part): void {
    const access = this.#accessOf(store)
    const { array } = access
    if (array === undefined) return
    const emit = (from: Vector, to: LaneAddress) => this.#storeLanes(array.dtype, from, to)
    if (access.place !== undefined) {
      emit(value, this.#address(access, access.place, part))
      return
    }
    const addresses = this.#f.local('v128', this.#laneIndex(access, part))
    for (let lane = 0; lane < part.lanes; lane++) {
      const first = i8x16.shuffle(value, value, lanes(lane, lane, lane, lane))
      emit(first, { address: i32x4.extractLane(addresses, lane), offset: 0, step: 0, count: 1 })
    }
  }

  #add(
    key: AccessStep | Store,
    index: IndexData,
    array: ArrayPlace | undefined,
    within: readonly RangeData[],
    mayShare = true,
  ): void {
    const nest = this.#nest
    const scale = array === undefined ? 1 : elementBytes(array.dtype)
    const guard = this.guards.add(within)
    const isScattered = index.digits.some(({ of }) => isVarying(nest, of))
    const isShared = guard === undefined && mayShare
    this.#accesses.set(key, {
      index,
      array,
      place: isScattered ? undefined : this.#cursors.place(index, scale, array?.base, isShared),
      step: coefficientOf(index, nest.loops[nest.vector]?.axis ?? -1) * scale,
      guard,
    })
  }

  #change(dtype: LaneDType, at: LaneAddress, change: (old: VectorLocal) => Vector): void {
    const address = this.#f.local('i32', at.address)
    const place = { ...at, address }
    const old = this.#f.local('v128', loadLanes(dtype, place))
    this.#storeLanes(dtype, change(old), place)
  }

  #storeLanes(dtype: LaneDType, value: Vector, to: LaneAddress): void {
    for (const code of storeLanes(this.#f, dtype, value, to)) this.#f.do(code)
  }

  #accessOf(key: AccessStep | Store): Access {
    const access = this.#accesses.get(key)
    if (access === undefined) throw new Error('an access was not prepared')
    return access
  }

  #loadAll(access: Access, part: Part): Vector {
    const { array, place } = access
    if (array === undefined) return constantOf('int32', 0)
    if (place !== undefined) return loadLanes(array.dtype, this.#address(access, place, part))
    const all = i32.const((1 << part.lanes) - 1)
    return this.#frame.gathers.scattered(array.dtype, this.#laneIndex(access, part), all)
  }

  /** The lanes where the guard holds, one by one. */
  #loadSome(access: Access, part: Part, bits: Code<'i32'>): Vector {
    const { array, place, step } = access
    if (array === undefined) return constantOf('int32', 0)
    const { gathers } = this.#frame
    if (place === undefined) {
      return gathers.scattered(array.dtype, this.#laneIndex(access, part), bits)
    }
    return gathers.strided(array.dtype, this.#address(access, place, part).address, step, bits)
  }

  /** The lanes of a part where a guard holds, a bit for each. */
  #insideBits(guard: number, part: Part): Code<'i32'> {
    const mask = this.guards.mask(this.#f, guard, part, this.#axisValue)
    return i32.and(i32x4.bitmask(mask), i32.const((1 << part.lanes) - 1))
  }

  /**
   * A cursor whose guard does not hold may be below address 0: sums wrap around there, while the
   * offsets of instructions do not.
   */
  #address({ step, guard, ahead }: Access, place: CursorPlace, part: Part): LaneAddress {
    const { local, offset } = this.#cursors.locate(place)
    const start = ahead === undefined ? local : i32.add(local, ahead)
    const further = offset + step * part.offset
    const count = part.lanes
    if (guard === undefined || this.guards.isKnown(guard))
      return { address: start, offset: further, step, count }
    return { address: addConstant(start, further), offset: 0, step, count }
  }

  /** Where each lane is: its index, or the address of its element. */
  #laneAddresses(access: Access, part: Part): Vector {
    const { place, step } = access
    if (place === undefined) return this.#laneIndex(access, part)
    const { local, offset } = this.#cursors.locate(place)
    return ramp(addConstant(local, offset + step * part.offset), step)
  }

  #laneIndex({ index, array, ahead }: Access, part: Part): Code<'v128'> {
    const scale = array === undefined ? 1 : elementBytes(array.dtype)
    const base = array && (ahead === undefined ? array.base : i32.add(array.base, ahead))
    return laneIndex(this.#f, this.#nest, index, part, this.#axisValue, scale, base)
  }
}
