/** What kernels may use on a device beyond what every WebGPU has. */
export interface DeviceFeatures {
  /** Arithmetic and storage in 16 bits, `enable f16`. */
  readonly f16: boolean
  /** How many invocations a subgroup has at least and at most; undefined where there are none. */
  readonly subgroups: { readonly min: number; readonly max: number } | undefined
  /** Whether passes can say when they began and ended. */
  readonly timestamps: boolean
}

/** Features that a device is asked for where its adapter has them. */
export const wantedFeatures = ['shader-f16', 'subgroups', 'timestamp-query'] as const

/** Sizes of subgroups, which the types of TypeScript do not have yet. */
interface SubgroupSizes {
  readonly subgroupMinSize?: number
  readonly subgroupMaxSize?: number
}

/** What a device has; `info` is its adapter's, where it is known. */
export function featuresOf(
  { features }: Pick<GPUDevice, 'features'>,
  info: SubgroupSizes | undefined,
): DeviceFeatures {
  // The widest range that the standard allows.
  const { subgroupMinSize: min = 4, subgroupMaxSize: max = 128 } = info ?? {}
  return {
    f16: features.has('shader-f16'),
    subgroups: features.has('subgroups') ? { min, max } : undefined,
    timestamps: features.has('timestamp-query'),
  }
}
