import type { Backend, Executable, Kernel, Plan } from 'tensorweft'
import { measureRuns } from './measure-runs.ts'

/** A kernel that was compiled on its own, as `profile` does it. */
export interface RecordedKernel {
  readonly kernel: Kernel
  /** The plan that has only this kernel. */
  readonly plan: Plan
  /** What the backend says it made of the kernel, if it shows that. */
  readonly source: string | undefined
  /** The WebAssembly modules that it made. */
  readonly modules: readonly Uint8Array[]
}

export interface RecorderOptions {
  /** Called before each compilation and run; what it throws ends the profile. */
  checkpoint?(): void
  /** Called when a kernel's turn has come: how many are done, of how many. */
  onKernel?(done: number, count: number): void
}

/** A backend that passes everything on, and keeps what `profile` asks it to compile. */
export class KernelRecorder {
  readonly backend: Backend
  /** The whole plan, which comes before its kernels. */
  plan: Plan | undefined
  readonly kernels: RecordedKernel[] = []
  readonly #executables: Executable[] = []
  readonly #options: RecorderOptions

  constructor(backend: Backend, options: RecorderOptions = {}) {
    this.#options = options
    this.backend = {
      name: backend.name,
      capabilities: backend.capabilities,
      allocate: (byteLength) => backend.allocate(byteLength),
      free: (buffer) => backend.free(buffer),
      write: (buffer, bytes, byteOffset) => backend.write(buffer, bytes, byteOffset),
      read: (buffer, byteOffset, byteLength) => backend.read(buffer, byteOffset, byteLength),
      finish: () => backend.finish(),
      // It is not ours to end.
      dispose: async () => {},
      compile: (plan) => this.#compile(backend, plan),
    }
  }

  /** Gives back what the plans hold. */
  dispose(): void {
    for (const executable of this.#executables) executable.dispose()
  }

  #compile(backend: Backend, plan: Plan): Executable {
    this.#options.checkpoint?.()
    const executable = backend.compile(plan)
    this.#executables.push(executable)
    const [kernel] = plan.kernels
    if (this.plan === undefined) this.plan = plan
    else if (kernel !== undefined) {
      this.#options.onKernel?.(this.kernels.length, this.plan.kernels.length)
      const [source, modules = []] = [executable.source?.(), executable.modules?.()]
      this.kernels.push({ kernel, plan, source, modules })
    }
    return this.#measurable(executable, backend)
  }

  /** Core measures a run by the clock alone, which browsers keep too coarse for small kernels. */
  #measurable(executable: Executable, backend: Backend): Executable {
    return {
      ready: executable.ready,
      run: (...args) => executable.run(...args),
      measure: async (...args) => {
        await hearMessages()
        this.#options.checkpoint?.()
        const onDevice = await executable.measure?.(...args)
        return onDevice ?? measureRuns(() => executable.run(...args), backend)
      },
      dispose: () => executable.dispose(),
    }
  }
}

/** What the page has sent meanwhile, a wish to cancel for instance, is handled between two tasks. */
function hearMessages(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
