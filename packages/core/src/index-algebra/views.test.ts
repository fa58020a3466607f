import { describe, expect, test } from 'vitest'
import {
  type Axis,
  type Index,
  IndexSpace,
  type Range,
  type SplitAxes,
  simplifyRanges,
  simplifyUnder,
  splitAxes,
} from './index.ts'
import { Random } from './random.testing.ts'
import { type Access, accessOf, sizeOf, View } from './views.testing.ts'

/** The split of the access of a view: [output, address, predicates...]. */
function splitAccess({ output, address, ranges }: Access): SplitAxes & { checks: Range[] } {
  const simple = simplifyRanges(ranges)
  if (simple === 'never') throw new Error('the view reads nothing')
  const indices = [output, simplifyUnder(address, simple), ...simple.map(({ index }) => index)]
  const split = splitAxes(indices)
  const checks = simple.map((range, i) => ({
    ...range,
    index: split.indices[i + 2] ?? range.index,
  }))
  return { ...split, checks }
}

/** The point of nested axes at a row-major position. */
function pointAt(axes: readonly Axis[], position: number): (axis: Axis) => number {
  const values = new Map<Axis, number>()
  let rest = position
  for (const axis of [...axes].reverse()) {
    values.set(axis, rest % axis.size)
    rest = Math.floor(rest / axis.size)
  }
  return (axis) => values.get(axis) ?? 0
}

const isWithin = ({ index, low, high }: Range, at: (axis: Axis) => number): boolean => {
  const value = index.evaluate(at)
  return low <= value && value < high
}

/** Compares a split access with the unsplit one, element by element in the order of iteration. */
function expectSameElements(view: View, access: Access, split: ReturnType<typeof splitAccess>) {
  const axes = [...split.parts.values()].flat()
  const [output, address] = split.indices
  for (let position = 0; position < sizeOf(view.shape); position++) {
    const at = pointAt(axes, position)
    expect(output?.evaluate(at)).toBe(position)
    const reads = access.ranges.every((range) => isWithin(range, () => position))
    expect(split.checks.every((range) => isWithin(range, at))).toBe(reads)
    if (reads) expect(address?.evaluate(at)).toBe(access.address.evaluate(() => position))
  }
}

type Source = (...shape: number[]) => View

/** Named views and the sizes of the loops that they need. */
const named: [name: string, build: (source: Source) => View, loops: number[]][] = [
  [
    'split heads',
    (source) => source(2, 6, 32).reshape(2, 6, 4, 8).transpose(0, 2, 1, 3).reshape(8, 6, 8),
    [2, 4, 6, 8],
  ],
  [
    'merge heads',
    (source) => source(8, 6, 8).reshape(2, 4, 6, 8).transpose(0, 2, 1, 3).reshape(12, 32),
    [2, 6, 4, 8],
  ],
  [
    'pixel shuffle',
    (source) =>
      source(3, 5, 7, 16)
        .reshape(3, 5, 7, 2, 2, 4)
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(3, 10, 14, 4),
    [15, 2, 7, 8],
  ],
  [
    'window partition',
    (source) =>
      source(2, 8, 12, 3).reshape(2, 2, 4, 3, 4, 3).transpose(0, 1, 3, 2, 4, 5).reshape(12, 16, 3),
    [4, 3, 4, 12],
  ],
  [
    'window reverse',
    (source) =>
      source(12, 16, 3).reshape(2, 2, 3, 4, 4, 3).transpose(0, 1, 3, 2, 4, 5).reshape(2, 8, 12, 3),
    [4, 4, 3, 12],
  ],
  [
    'window partition and reverse',
    (source) =>
      source(2, 8, 12, 3)
        .reshape(2, 2, 4, 3, 4, 3)
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(12, 16, 3)
        .reshape(2, 2, 3, 4, 4, 3)
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(2, 8, 12, 3),
    [576],
  ],
  [
    'group norm',
    (source) => source(2, 3, 5, 8).reshape(2, 15, 4, 2).transpose(0, 2, 1, 3).reshape(2, 4, 30),
    [2, 4, 15, 2],
  ],
  ['slice, flatten', (source) => source(4, 5).slice([0, 1], [4, 4]).reshape(16), [4, 4]],
  ['transpose, reshape', (source) => source(4, 6).transpose(1, 0).reshape(8, 3), [6, 4]],
  [
    'padded convolution windows',
    (source) =>
      source(2, 7, 7, 3)
        .pad([0, 1, 1, 0], [0, 1, 1, 0])
        .window(1, 3, 2)
        .window(3, 3, 2)
        .transpose(0, 1, 3, 2, 4, 5),
    [2, 4, 4, 3, 3, 3],
  ],
  [
    'padded im2col',
    (source) =>
      source(2, 7, 7, 3)
        .pad([0, 1, 1, 0], [0, 1, 1, 0])
        .window(1, 3, 2)
        .window(3, 3, 2)
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(32, 27),
    [2, 4, 4, 3, 3, 3],
  ],
  [
    'unpadded im2col',
    (source) =>
      source(2, 7, 7, 3)
        .window(1, 3, 2)
        .window(3, 3, 2)
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(18, 27),
    [2, 3, 3, 3, 9],
  ],
  ['flip, flatten, flip', (source) => source(6, 4).flip(0, 1).reshape(24).flip(0), [24]],
  ['flip of the inner axis, reshape', (source) => source(6, 4).flip(1).reshape(3, 8), [6, 4]],
  ['flip of the outer axis, reshape', (source) => source(6, 4).flip(0).reshape(12, 2), [6, 4]],
  ['zero insertion', (source) => source(5).reshape(5, 1).pad([0, 0], [0, 2]).reshape(15), [5, 3]],
  ['repeat', (source) => source(5, 1).expand(5, 3).reshape(15), [5, 3]],
  ['tile', (source) => source(1, 5).expand(3, 5).reshape(15), [3, 5]],
  ['tile, reshape', (source) => source(1, 5).expand(3, 5).reshape(15).reshape(5, 3), [3, 5]],
  [
    'two transposes of reshapes',
    (source) => source(12).reshape(3, 4).transpose(1, 0).reshape(2, 6).transpose(1, 0).reshape(12),
    [2, 6],
  ],
  [
    'one of query, key and value',
    (source) =>
      source(2, 6, 10)
        .reshape(2, 6, 2, 5)
        .transpose(2, 0, 1, 3)
        .reshape(2, 12, 5)
        .slice([1, 0, 0], [1, 12, 5]),
    [12, 5],
  ],
  ['reshape round trip', (source) => source(3, 4, 5).reshape(5, 4, 3).reshape(60), [60]],
]

describe('named views become affine', () => {
  for (const [name, build, loops] of named) {
    test(name, () => {
      const space = new IndexSpace()
      const view = build((...shape) => new View(space, shape))
      const access = accessOf(view)
      const split = splitAccess(access)
      expect(split.indices.filter((index) => !index.isAffine).map(String)).toEqual([])
      expect([...split.parts.values()].flat().map((axis) => axis.size)).toEqual(loops)
      expectSameElements(view, access, split)
    })
  }
})

test('a convolution reduces over [ky, kx * channels] unpadded, [ky, kx, channels] padded', () => {
  for (const padding of [0, 1]) {
    const space = new IndexSpace()
    const pads = [0, padding, padding, 0]
    const size = 8 + 2 * padding - 2
    const view = new View(space, [2, 8, 8, 4])
      .pad(pads, pads)
      .window(1, 3)
      .window(3, 3)
      .transpose(0, 1, 3, 2, 4, 5)
    const output = space.axis(2 * size * size * 6, 't')
    const reduced = space.axis(36, 'r')
    const [n, y, x, o] = [6 * size * size, 6 * size, 6, 1].map((stride, i) =>
      output.digit(stride, [Infinity, size, size, 6][i] ?? 1),
    ) as [Index, Index, Index, Index]
    const [ky, kx, c] = [reduced.floorDiv(12), reduced.digit(4, 3), reduced.mod(4)]
    const { indices, ranges } = view.origin([n, y, x, ky, kx, c])
    const image = space.sum(indices.map((index, i) => [index, [256, 32, 4, 1][i] ?? 0] as const))
    const filter = reduced.mul(6).add(o)
    const simple = simplifyRanges(ranges)
    if (simple === 'never') throw new Error('the window lies outside')
    const split = splitAxes([output, image, filter, ...simple.map(({ index }) => index)])
    expect(split.indices.every((index) => index.isAffine)).toBe(true)
    const sizes = [...split.parts.values()].map((axes) => axes.map((axis) => axis.size))
    expect(sizes[1]).toEqual(padding === 0 ? [3, 12] : [3, 3, 4])
  }
})

/** Whether an address table is affine over some mixed radix, by exhaustive search. */
function isAffineSomehow(table: readonly number[]): boolean {
  const [first = 0, second = 0] = table
  if (table.length === 1) return true
  for (let radix = 2; radix <= table.length; radix++) {
    if (table.length % radix !== 0) continue
    const isStep = (address: number, i: number): boolean =>
      address - (table[i - (i % radix)] ?? first) === (i % radix) * (second - first)
    if (!table.every(isStep)) continue
    if (isAffineSomehow(table.filter((_, i) => i % radix === 0))) return true
  }
  return false
}

function randomShape(random: Random, elements: number): number[] {
  const shape: number[] = []
  let rest = elements
  for (let axes = random.integer(1, 4); axes > 1; axes--) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0)
    const size = random.pick([1, ...divisors])
    shape.push(size)
    rest /= size
  }
  return random.shuffle([...shape, rest])
}

type Step = 'reshape' | 'transpose' | 'flip' | 'slice' | 'expand' | 'pad' | 'window'

function applyStep(view: View, step: Step, random: Random): View {
  const { shape } = view
  const axis = random.integer(0, shape.length - 1)
  const size = shape[axis] ?? 1
  const at = (value: number, rest: readonly number[]): number[] =>
    rest.map((other, i) => (i === axis ? value : other))
  const zeros = shape.map(() => 0)
  switch (step) {
    case 'reshape':
      return view.reshape(...randomShape(random, sizeOf(shape)))
    case 'transpose':
      return view.transpose(...random.shuffle(shape.map((_, i) => i)))
    case 'flip':
      return view.flip(axis)
    case 'slice': {
      const stride = random.pick([1, 1, 1, 2])
      const length = random.integer(1, Math.ceil(size / stride))
      const start = random.integer(0, size - 1 - (length - 1) * stride)
      const ones = shape.map(() => 1)
      return view.slice(at(start, zeros), at(length, shape), at(stride, ones))
    }
    case 'expand':
      return size === 1 && sizeOf(shape) < 200
        ? view.expand(...at(random.integer(2, 3), shape))
        : view
    case 'pad':
      return sizeOf(shape) < 200
        ? view.pad(at(random.integer(0, 2), zeros), at(random.integer(0, 2), zeros))
        : view
    case 'window': {
      const dilation = random.pick([1, 1, 2])
      const length = random.integer(1, Math.min(3, Math.floor((size - 1) / dilation) + 1))
      return sizeOf(shape) < 200
        ? view.window(axis, length, random.pick([1, 1, 2]), dilation)
        : view
    }
  }
}

function randomChain(seed: number, steps: readonly [Step, ...Step[]]): View {
  const random = new Random(seed)
  const elements = random.pick([24, 36, 48, 60, 64, 72, 96])
  let view = new View(new IndexSpace(), randomShape(random, elements))
  for (let length = random.integer(2, 6); length > 0; length--) {
    view = applyStep(view, random.pick(steps), random)
  }
  return view
}

const scale = process.env.TENSORWEFT_FULL === '1' ? 20 : 1

describe('random chains of views', () => {
  const permutations: [Step, ...Step[]] = ['reshape', 'transpose']
  const families: [name: string, steps: [Step, ...Step[]]][] = [
    ['reshape, transpose', permutations],
    ['and flip', [...permutations, 'flip']],
    ['and slice', [...permutations, 'slice']],
    ['and flip, slice, expand', [...permutations, 'flip', 'slice', 'expand']],
  ]
  for (const [name, steps] of families) {
    test(`${name}: affine where any mixed radix is, but for 1 in 1000`, () => {
      let affine = 0
      const missed: string[] = []
      for (let seed = 0; seed < 1500 * scale; seed++) {
        const view = randomChain(seed, steps)
        const access = accessOf(view)
        const split = splitAccess(access)
        if (seed % 10 === 0) expectSameElements(view, access, split)
        const length = sizeOf(view.shape)
        const table = Array.from({ length }, (_, t) => access.address.evaluate(() => t))
        if (!isAffineSomehow(table)) continue
        affine++
        if (!split.indices[1]?.isAffine) missed.push(`seed ${seed}: ${access.address}`)
      }
      expect(affine).toBeGreaterThan(1000 * scale)
      expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(affine / 1000)
    })
  }

  test('with padding and windows: the same elements behind the same predicates', () => {
    for (let seed = 0; seed < 800 * scale; seed++) {
      const view = randomChain(seed, [...permutations, 'flip', 'slice', 'expand', 'pad', 'window'])
      const access = accessOf(view)
      const simple = simplifyRanges(access.ranges)
      if (simple === 'never') continue
      expectSameElements(view, access, splitAccess(access))
    }
  })
})
