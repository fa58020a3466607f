import { dot, einsum, matmul, outer } from '@tensorweft/core'
import type { GoldenOps } from '../golden-op.ts'

export const linalgOps: GoldenOps = {
  matmul: (call) => matmul(call.tensor('a'), call.tensor('b')),
  einsum: (call) => einsum(call.text('equation'), ...call.all),
  outer: (call) => outer(call.tensor('a'), call.tensor('b')),
  dot: (call) => dot(call.tensor('a'), call.tensor('b')),
}
