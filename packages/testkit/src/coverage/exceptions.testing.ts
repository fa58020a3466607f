/** Code of the scheduler that no graph reaches, and why. */
export interface Exception {
  readonly reason: string
  readonly code: RegExp
  /** A part of the lines around it, where the code alone does not tell it from others. */
  readonly within?: string
}

export const exceptions: readonly Exception[] = [
  {
    reason: 'states that cannot be unless the scheduler is wrong',
    code: /^throw new Error\(/,
  },
  {
    reason: 'ops that core refuses; its own tests define one',
    code: /^throw severalReductions\(/,
  },
  {
    reason: 'indexed access may give undefined by its type only',
    code: /^\?\? (-?\d+|\[\]|'\w+'|\w+)$/,
  },
  {
    reason: 'a draft has an element for each of its nodes',
    code: /^\? \[\]$/,
    within: 'element === undefined',
  },
  {
    reason: 'a reduction is numbered before it is read',
    code: /^: undefined$/,
    within: '#available.has(scalar)',
  },
]
