import type { GoldenOps } from '../golden-op.ts'
import { convOps } from './conv.ts'
import { elementwiseOps } from './elementwise.ts'
import { linalgOps } from './linalg.ts'
import { lossOps } from './losses.ts'
import { reductionOps } from './reductions.ts'
import { secondOrderOps } from './second-order.ts'
import { shapeOps } from './shape.ts'

const firstOrderOps: GoldenOps = {
  ...elementwiseOps,
  ...reductionOps,
  ...shapeOps,
  ...linalgOps,
  ...convOps,
  ...lossOps,
}

/** How core computes the op of a case, by the name that the cases use. */
export const goldenOps: GoldenOps = { ...firstOrderOps, ...secondOrderOps(firstOrderOps) }
