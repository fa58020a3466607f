import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'
import { webgpu } from '@tensorweft/backend-webgpu'
import { useSwiftShader } from '@tensorweft/testkit/swift-shader'

const backendsOnGpu = useSwiftShader('trajectories of optimisers')
  ? ([['webgpu', () => webgpu()]] as const)
  : []

/** What trajectories are computed on. */
export const backends = [['cpu', cpu], ['wasm', wasm], ...backendsOnGpu] as const
