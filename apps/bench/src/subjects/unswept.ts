import type { Unsupported } from '../subject.ts'

/** Of peers: the sweep over convolutions looks for shapes that are slow in Tensorweft. */
export const unswept: Unsupported = { unsupported: 'not measured on single convolutions' }
