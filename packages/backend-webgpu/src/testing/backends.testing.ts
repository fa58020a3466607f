import type { Backend } from '@tensorweft/core'
import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { afterAll, beforeAll, describe } from 'vitest'
import { connect } from '../adapter.ts'
import { WebGpuBackend } from '../backend.ts'
import type { SlabSizes } from '../memory/slabs.ts'

/** A backend of its own on SwiftShader, with the device that it computes on. */
export async function createOnDevice(
  slabSizes?: SlabSizes,
): Promise<{ backend: Backend; device: GPUDevice }> {
  useSwiftShader('a backend')
  const connection = await connect({})
  return { backend: new WebGpuBackend(connection, slabSizes), device: connection.device }
}

/** Tests of a backend on SwiftShader, which one file shares; skipped where it is missing. */
export function describeOnDevice(name: string, body: (backend: () => Backend) => void): void {
  describe.skipIf(chromium === undefined)(name, () => {
    let backend: Backend | undefined
    beforeAll(async () => {
      backend = (await createOnDevice()).backend
    })
    afterAll(async () => {
      await backend?.dispose()
    })
    body(() => {
      if (backend === undefined) throw new Error('the backend exists only while tests run')
      return backend
    })
  })
}
