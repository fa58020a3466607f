import { BackendError, OutOfMemoryError, TensorweftError } from '@tensorweft/core'

/**
 * What went wrong on the device outside of any call: told by the next call that is awaited. A lost
 * device stays lost.
 */
export class Faults {
  #lost: TensorweftError | undefined
  #pending: TensorweftError | undefined
  #isDisposed = false
  readonly #device: GPUDevice
  readonly #listener = (event: GPUUncapturedErrorEvent) => {
    event.preventDefault()
    this.add(faultOf(event.error))
  }

  constructor(device: GPUDevice) {
    this.#device = device
    device.addEventListener('uncapturederror', this.#listener)
    void device.lost.then(({ reason, message }) => {
      if (this.#isDisposed) return
      this.#lost = new BackendError('webgpu', {
        got: `a device that was lost (${reason}): ${message}`,
        wanted: 'a live device',
        hint:
          'what it held is gone: create another backend with webgpu(), set it, and restore ' +
          'parameters and optimiser state from the last checkpoint',
      })
    })
  }

  add(error: TensorweftError): void {
    this.#pending ??= error
  }

  /** Throws what is known to be wrong. */
  throwIfAny(): void {
    if (this.#lost !== undefined) throw this.#lost
    const error = this.#pending
    this.#pending = undefined
    if (error !== undefined) throw error
  }

  /** Waits for `work` on the device; what fails because the device was lost says so. */
  async settle<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (cause) {
      // The device's loss is announced a moment after what it breaks.
      await new Promise((resolve) => setTimeout(resolve, 0))
      this.throwIfAny()
      throw asFault(cause)
    }
  }

  dispose(): void {
    this.#isDisposed = true
    this.#device.removeEventListener('uncapturederror', this.#listener)
  }
}

/** An error of the device as one of the framework. */
function faultOf(error: { readonly message: string }): TensorweftError {
  const details = {
    got: `an error of the device: ${error.message}`,
    wanted: 'valid commands',
    hint: 'this is a bug in @tensorweft/backend-webgpu or in the driver: please report it',
  }
  if (error.constructor.name !== 'GPUOutOfMemoryError') return new BackendError('webgpu', details)
  return new OutOfMemoryError('webgpu', {
    ...details,
    wanted: 'as much free memory on the device',
    hint: 'use a smaller batch, or dispose of tensors that are no longer needed',
  })
}

/** What was thrown, as an error of the framework. */
export function asFault(cause: unknown): TensorweftError {
  if (cause instanceof TensorweftError) return cause
  return new BackendError('webgpu', {
    got: `a refusal of the device: ${messageOf(cause)}`,
    wanted: 'a live device',
    hint: 'create another backend with webgpu()',
    cause,
  })
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
