import { matmul } from '@tensorweft/core'
import type { GoldenOps } from '../golden-op.ts'

export const linalgOps: GoldenOps = {
  matmul: (call) => matmul(call.tensor('a'), call.tensor('b')),
}
