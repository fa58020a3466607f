/**
 * The labels of all objects that commands name begin so: errors of a device that others use too are
 * told apart by it.
 */
export const ownLabel = 'tensorweft'

/** Of encoders; their command buffers are named like them. */
export const ownCommands: GPUCommandEncoderDescriptor = { label: ownLabel }
