import { BackendError, OutOfMemoryError, TensorweftError } from '@tensorweft/core'
import { ownLabel } from './memory/labels.ts'

/** How long the announcement of a loss may come after what it breaks. */
const announcementMs = 100

/**
 * What went wrong on the device outside of any call: told by the next call that is awaited. A lost
 * device stays lost.
 */
export class Faults {
  #lost: TensorweftError | undefined
  #pending: TensorweftError | undefined
  #isDisposed = false
  readonly #device: GPUDevice
  readonly #announced: Promise<void>
  readonly #isOwned: boolean
  readonly #listener = (event: GPUUncapturedErrorEvent) => {
    // What others do on a device of theirs is for them to hear of.
    if (!this.#isOwned && !event.error.message.includes(ownLabel)) return
    event.preventDefault()
    this.add(faultOf(event.error))
  }

  constructor(device: GPUDevice, isOwned: boolean) {
    this.#device = device
    this.#isOwned = isOwned
    device.addEventListener('uncapturederror', this.#listener)
    this.#announced = device.lost.then((info) => {
      if (!this.#isDisposed) this.#lost = lostDevice(info)
    })
  }

  /** Why nothing can be computed any more, once the device is known to be lost. */
  get lost(): TensorweftError | undefined {
    return this.#lost
  }

  add(error: TensorweftError): void {
    this.#pending ??= error
  }

  /** Calls `body`; that its commands are invalid is nobody's fault if `isExpected` says so later. */
  unless<T>(isExpected: () => boolean, body: () => T): T {
    this.#device.pushErrorScope('validation')
    try {
      return body()
    } finally {
      const answer = this.#device.popErrorScope().then((error) => {
        if (error !== null && !isExpected()) this.add(faultOf(error))
      })
      // A device that was lost answers nothing.
      answer.catch(() => {})
    }
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
      if (!(cause instanceof TensorweftError)) {
        await Promise.race([this.#announced, new Promise((end) => setTimeout(end, announcementMs))])
      }
      this.throwIfAny()
      throw asFault(cause)
    }
  }

  dispose(): void {
    this.#isDisposed = true
    this.#device.removeEventListener('uncapturederror', this.#listener)
  }
}

function lostDevice({ reason, message }: GPUDeviceLostInfo): BackendError {
  return new BackendError('webgpu', {
    got: `a device that was lost (${reason}): ${message}`,
    wanted: 'a live device',
    hint:
      'what it held is gone: set another backend (a new one of webgpu(), or wasm), and load the ' +
      'last checkpoint (trainer.load, importWeights) or assign parameters again',
  })
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
