import { BackendError, type TensorweftError } from '@tensorweft/core'
import { messageOf } from './faults.ts'

const computeStage = 0x4

/** Pipelines that are kept though no plan uses them: plans are dropped and made again. */
const maxIdle = 256

/** A pipeline that is being compiled, or was. */
export interface Pipeline {
  readonly code: string
  /** Resolves, never rejects, when it is known whether the code compiles. */
  readonly done: Promise<void>
  readonly layout: GPUBindGroupLayout
  compiled: GPUComputePipeline | undefined
  fault: TensorweftError | undefined
  users: number
}

/** The pipelines of a device, each text compiled once. */
export class Pipelines {
  readonly #device: GPUDevice
  readonly #known = new Map<string, Pipeline>()
  /** Those without users, the one that lost its last user first in front. */
  readonly #idle = new Set<Pipeline>()
  readonly #layouts = new Map<number, GPUBindGroupLayout>()

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** The pipeline of a module with a uniform and `bindings` arrays; give it back by `release`. */
  acquire(code: string, bindings: number, label: string): Pipeline {
    const pipeline = this.#known.get(code) ?? this.#start(code, bindings, label)
    pipeline.users++
    this.#idle.delete(pipeline)
    return pipeline
  }

  release(pipeline: Pipeline): void {
    if (--pipeline.users > 0) return
    this.#idle.add(pipeline)
    const [first] = this.#idle
    const oldest = this.#idle.size > maxIdle ? first : undefined
    // What did not compile may do so another time.
    this.#forget(pipeline.fault === undefined ? oldest : pipeline)
  }

  #forget(pipeline: Pipeline | undefined): void {
    if (pipeline === undefined) return
    this.#idle.delete(pipeline)
    this.#known.delete(pipeline.code)
  }

  #start(code: string, bindings: number, label: string): Pipeline {
    const layout = this.#layout(bindings)
    const pipeline: Pipeline = {
      code,
      layout,
      done: this.#compile(code, layout, label).then(
        (compiled) => {
          pipeline.compiled = compiled
        },
        (error) => {
          pipeline.fault = error
        },
      ),
      compiled: undefined,
      fault: undefined,
      users: 0,
    }
    this.#known.set(code, pipeline)
    return pipeline
  }

  async #compile(
    code: string,
    layout: GPUBindGroupLayout,
    label: string,
  ): Promise<GPUComputePipeline> {
    const device = this.#device
    device.pushErrorScope('validation')
    const module = device.createShaderModule({ label, code })
    // The device's own words come below; one that was lost may refuse the answer.
    const moduleError = device.popErrorScope().catch(() => null)
    try {
      return await device.createComputePipelineAsync({
        label,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      })
    } catch (cause) {
      const messages = await complaintsOf(module).catch(() => '')
      throw new BackendError('webgpu.compile', {
        got: `a shader for '${label}' that does not compile: ${messages || messageOf(cause)}`,
        wanted: 'WGSL that the device takes',
        hint: 'look at the kernel if you registered it; else it is a bug here or in the driver: please report it',
        cause,
      })
    } finally {
      await moduleError
    }
  }

  /** Binding 0 is the uniform, arrays follow. */
  #layout(bindings: number): GPUBindGroupLayout {
    const known = this.#layouts.get(bindings)
    if (known !== undefined) return known
    const entry = (binding: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry => ({
      binding,
      visibility: computeStage,
      buffer: { type },
    })
    const arrays = Array.from({ length: bindings }, (_, k) => entry(k + 1, 'storage'))
    const layout = this.#device.createBindGroupLayout({ entries: [entry(0, 'uniform'), ...arrays] })
    this.#layouts.set(bindings, layout)
    return layout
  }
}

/** The errors of a module with the lines that they name. */
async function complaintsOf(module: GPUShaderModule): Promise<string> {
  const { messages } = await module.getCompilationInfo()
  return messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`)
    .join('; ')
}
