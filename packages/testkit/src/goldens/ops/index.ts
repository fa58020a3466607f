import type { GoldenOps } from '../golden-op.ts'
import { convOps } from './conv.ts'
import { elementwiseOps } from './elementwise.ts'
import { indexingOps } from './indexing.ts'
import { linalgOps } from './linalg.ts'
import { lossOps } from './losses.ts'
import { normOps } from './norm.ts'
import { reductionOps } from './reductions.ts'
import { secondOrderOps } from './second-order.ts'
import { shapeOps } from './shape.ts'

const firstOrderOps: GoldenOps = {
  ...elementwiseOps,
  ...reductionOps,
  ...shapeOps,
  ...indexingOps,
  ...linalgOps,
  ...convOps,
  ...normOps,
  ...lossOps,
}

/** How core computes the op of a case, by the name that the cases use. */
export const goldenOps: GoldenOps = { ...firstOrderOps, ...secondOrderOps(firstOrderOps) }
