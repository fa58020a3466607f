import { chromium } from '@tensorweft/testkit/swift-shader'

/** Says once, before all tests, what is missing for those that need a GPU in software. */
export function setup(): void {
  if (chromium !== undefined) return
  console.warn(
    'WebGPU tests are skipped: they run on the SwiftShader that comes with Chromium. ' +
      'Get both with: apt-get install chromium libvulkan1',
  )
}
