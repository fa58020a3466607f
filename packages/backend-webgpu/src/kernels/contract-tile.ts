/** Rows, and columns, of the tile of a workgroup. */
export const tileRows = 32
/** Values of K that are in a tile at a time. */
export const tileDepth = 16
/** Invocations of a workgroup: 8 × 8, each with 4 × 4 sums. */
export const invocations = 64
export const rowsPerInvocation = 4
