import { cpu } from '@tensorweft/backend-cpu'
import type { TypedArray } from '@tensorweft/core'
import { addRandomKernel, PlanBuilder, Random, runPlan } from '@tensorweft/testkit/plans'
import { chromium } from '@tensorweft/testkit/swift-shader'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOnDevice } from '../../testing/backends.testing.ts'
import { worstRelative } from '../../testing/compare.testing.ts'
import { tiles } from './choose-tile.ts'
import { addProduct, layoutsOf, type ProductShape } from './products.testing.ts'
import { runTiles } from './run-tiles.testing.ts'
import { invocationsOf, type Tile, workgroupByteLength } from './tile.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const nameOf = ({ rows, columns }: Tile) => `${rows} × ${columns}`

test('tiles fit into what every device has', () => {
  for (const tile of tiles) {
    expect(invocationsOf(tile)).toBeLessThanOrEqual(256)
    expect(workgroupByteLength(tile)).toBeLessThanOrEqual(16_384)
  }
})

/** More than one tile of odd sizes, two of sizes that vectors divide, and long sums. */
const shapes: readonly ProductShape[] = [
  [1, 140, 20, 64],
  [2, 36, 136, 40],
  [1, 131, 133, 37],
  [1, 9, 12, 300],
  [1, 11, 7, 785],
]

/** Products of fractions, then random contractions, whose results are exact. */
function contractions() {
  const builder = new PlanBuilder()
  const random = new Random(3)
  for (const [s, shape] of shapes.entries()) {
    const layouts = layoutsOf(shape)
    for (const layout of isFull ? layouts : layouts.slice(s, s + 1)) {
      addProduct(builder, random, 'float32', shape, layout)
    }
  }
  const rounded = builder.build().plan.outputs.length
  for (let seed = 0; seed < (isFull ? 100 : 4); seed++) {
    addRandomKernel(builder, 'contract', 5000 + seed, { specials: false })
  }
  return { given: builder.build(), rounded }
}

describe.skipIf(chromium === undefined)('every tile', () => {
  const { given, rounded } = contractions()
  let onDevice: Awaited<ReturnType<typeof createOnDevice>> | undefined
  let wanted: readonly TypedArray[] = []
  let first: readonly TypedArray[] | undefined

  beforeAll(async () => {
    onDevice = await createOnDevice()
    wanted = await runPlan(cpu(), given.plan, given.inputs, given.scalars)
  })
  afterAll(async () => {
    await onDevice?.backend.dispose()
  })

  for (const tile of tiles) {
    test(`${nameOf(tile)} gives the same, to the bit, as on cpu but for rounding`, async () => {
      if (onDevice === undefined) throw new Error('no device')
      const outputs = await runTiles(onDevice.device, given, tile)
      const wrong = given.plan.outputs.flatMap(({ dtype }, k) => {
        const [got, want] = [outputs[k], wanted[k]]
        if (got === undefined || want === undefined) return [`output ${k} is missing`]
        const { ulps, ...at } = worstRelative(got, want, dtype)
        return ulps <= (k < rounded ? 100 : 0) ? [] : [`output ${k}: ${JSON.stringify(at)}`]
      })
      expect(wrong).toEqual([])
      first ??= outputs
      expect(outputs).toEqual(first)
    })
  }
})
