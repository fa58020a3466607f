import { type BufferHandle, OutOfMemoryError } from '@tensorweft/core'
import { Memory, maxPages } from './memory/memory.ts'
import { Crew } from './threads/crew.ts'
import { canShare, canWait, type StartThread } from './threads/platform.ts'
import type { Policy } from './threads/policy.ts'
import { Timeline } from './threads/timeline.ts'

/** Workers of a backend that nobody has any more, which must not know it themselves. */
const abandoned = new FinalizationRegistry<Crew>((crew) => crew.dispose())

/** What the executables of a backend share: memory, threads, and the order of things. */
export class Runtime {
  readonly memory: Memory
  readonly timeline: Timeline = new Timeline()
  readonly policy: Policy
  readonly threads: number
  /** Whether this thread may wait for others. */
  readonly canWait: boolean
  readonly crew: Crew | undefined

  constructor(threads: number, policy: Policy, ways: readonly StartThread[]) {
    this.memory = createMemory(threads > 1 && ways.length > 0 && canShare())
    const isShared = this.memory.isShared
    this.canWait = isShared && canWait()
    this.threads = isShared ? threads : 1
    this.policy = this.canWait ? policy : { ...policy, wakeCost: policy.messageCost }
    if (!isShared) return
    const { memory } = this
    this.crew = new Crew({
      threads,
      canWait: this.canWait,
      ways,
      policy,
      memory: memory.wasm,
      take: (byteLength) => memory.take(byteLength),
    })
    abandoned.register(this, this.crew)
  }

  free(buffer: BufferHandle): void {
    this.timeline.enqueue(this.memory.retire(buffer))
  }

  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset: number): void {
    const { memory, timeline } = this
    const range = memory.range('write', buffer, byteOffset, bytes.byteLength)
    const kept = timeline.isIdle ? bytes : bytes.slice()
    timeline.enqueue(() => {
      memory.bytesOf(range).set(kept)
      memory.mark([{ buffer }], undefined)
    })
  }

  read(buffer: BufferHandle, byteOffset: number, byteLength?: number): Promise<Uint8Array> {
    const range = this.memory.range('read', buffer, byteOffset, byteLength)
    return this.timeline.run(() => {
      this.memory.checkIntact([{ buffer }])
      return this.memory.bytesOf(range).slice()
    })
  }

  dispose(): void {
    this.crew?.dispose()
  }
}

/** Shared memory takes address space for all that it may grow to, which not every system has. */
function createMemory(isShared: boolean): Memory {
  for (const pages of isShared ? [maxPages, maxPages / 2, maxPages / 4] : []) {
    try {
      return new Memory(pages, true)
    } catch {}
  }
  try {
    return new Memory(maxPages)
  } catch {
    throw new OutOfMemoryError('wasm', {
      got: 'no address space for one more memory',
      wanted: 'room for its first 64 KiB',
      hint: 'dispose of backends that are no longer used',
    })
  }
}
