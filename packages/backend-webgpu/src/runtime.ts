import type { Backlog } from './backlog.ts'
import type { DeviceFeatures } from './device-features.ts'
import type { Faults } from './faults.ts'
import type { Buffers } from './memory/buffers.ts'
import type { Slabs } from './memory/slabs.ts'
import type { Pipelines } from './pipelines.ts'
import type { TileChooser } from './tiles/tile-chooser.ts'
import type { Timeline } from './timeline.ts'

/** What the executables of a backend share. */
export interface Runtime {
  readonly device: GPUDevice
  readonly features: DeviceFeatures
  readonly slabs: Slabs
  readonly buffers: Buffers
  readonly pipelines: Pipelines
  readonly timeline: Timeline
  readonly backlog: Backlog
  readonly faults: Faults
  readonly tiles: Pick<TileChooser, 'choose' | 'measure'>
  /** Those that were not disposed of. */
  readonly executables: Set<{ dispose(): void; renew(): void }>
  /** Arrays that one dispatch may bind. */
  readonly maxBindings: number
}
