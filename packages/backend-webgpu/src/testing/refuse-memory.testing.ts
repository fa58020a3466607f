import { vi } from 'vitest'

/**
 * Lets `device` have no memory for arrays until the result is disposed of: every buffer for them is
 * asked for with as many bytes as SwiftShader has not got, so that all that follows is real.
 */
export function refuseMemory(device: GPUDevice): Disposable {
  const create = device.createBuffer.bind(device)
  const spy = vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    const isSlab = descriptor.label?.startsWith('tensorweft slab') === true
    return create(isSlab ? { ...descriptor, size: device.limits.maxBufferSize } : descriptor)
  })
  return { [Symbol.dispose]: () => spy.mockRestore() }
}
