import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'

/** What trajectories are computed on. */
export const backends = [
  ['cpu', cpu],
  ['wasm', wasm],
] as const
