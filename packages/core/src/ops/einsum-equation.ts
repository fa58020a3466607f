import { ArgumentError, ShapeError } from '../errors.ts'
import { formatShape, type Shape } from '../shape.ts'

/** What an equation of `einsum` says: a label per axis of each operand and of the result. */
export interface Contraction {
  readonly operands: readonly (readonly string[])[]
  readonly output: readonly string[]
  readonly sizes: ReadonlyMap<string, number>
}

/** Labels of one operand or of the result; `...` stands for any number of axes. */
type Term = Label[]

interface Label {
  readonly name: string
  readonly position: number
}

const ellipsis = '...'

/**
 * Reads an equation for operands of these shapes. The axes of an ellipsis get labels of their own,
 * counted from the last one; they broadcast, so an operand may have size 1 where others have more.
 */
export function readEquation(equation: string, shapes: readonly Shape[]): Contraction {
  const { terms, output } = parse(equation)
  if (terms.length !== shapes.length) {
    throw new ArgumentError('einsum', {
      got: `equation '${equation}' with ${terms.length} operands and ${shapes.length} tensors`,
      wanted: 'a term for each tensor, with commas between them',
    })
  }
  const covered = terms.map((term, i) => coveredAxes(equation, term, shapes[i] ?? [], i))
  const operands = terms.map((term, i) => namesOf(term, covered[i] ?? 0))
  const sizes = bindSizes(equation, operands, shapes)
  const axes = Math.max(0, ...covered)
  if (output === undefined) return { operands, output: implicitOutput(operands, axes), sizes }
  const result = namesOf(output, axes)
  if (axes > 0 && !hasEllipsis(output)) {
    const position = equation.indexOf('->') + 2
    throw fault(equation, position, "the result, which has no '...'", "'...' on both sides")
  }
  return { operands, output: result, sizes }
}

/** The output is undefined where the equation has no arrow. */
function parse(equation: string): { terms: readonly Term[]; output: Term | undefined } {
  if (typeof equation !== 'string') {
    throw new ArgumentError('einsum', {
      got: `an equation that is ${typeof equation}`,
      wanted: "a text such as 'ij,jk->ik'",
    })
  }
  const terms: Term[] = [[]]
  let output: Term | undefined
  for (const { 0: name, index: position } of equation.matchAll(/->|\.{3}|[^ ]/g)) {
    const term: Term = output ?? terms.at(-1) ?? []
    if (name === '->' && output === undefined) output = []
    else if (name === ',' && output === undefined) terms.push([])
    else if (name === ellipsis && hasEllipsis(term)) {
      throw fault(equation, position, "a second '...'", "'...' at most once per term")
    } else if (name === ellipsis || /^[A-Za-z]$/.test(name)) term.push({ name, position })
    else throw fault(equation, position, `'${name}'`, "letters, '...', commas and one '->'")
  }
  if (output !== undefined) checkOutput(equation, terms, output)
  return { terms, output }
}

function hasEllipsis(term: Term): boolean {
  return term.some(({ name }) => name === ellipsis)
}

function checkOutput(equation: string, terms: readonly Term[], output: Term): void {
  const known = new Set(terms.flat().map(({ name }) => name))
  const seen = new Set<string>()
  for (const { name, position } of output) {
    if (!known.has(name)) {
      throw fault(equation, position, `'${name}', which no operand has`, 'labels of the operands')
    }
    if (seen.has(name)) {
      throw fault(equation, position, `a second '${name}'`, 'each label of the result once')
    }
    seen.add(name)
  }
}

function fault(equation: string, position: number, got: string, wanted: string): ArgumentError {
  return new ArgumentError('einsum', {
    got: `equation '${equation}': at position ${position} is ${got}`,
    wanted,
  })
}

/** How many axes the ellipsis of a term stands for. */
function coveredAxes(equation: string, term: Term, shape: Shape, operand: number): number {
  const isOpen = hasEllipsis(term)
  const named = term.length - Number(isOpen)
  if (isOpen ? named <= shape.length : named === shape.length) return shape.length - named
  throw new ShapeError('einsum', {
    got: `equation '${equation}' names ${named} axes of operand ${operand}, which is ${formatShape(shape)}`,
    wanted: "a label per axis, or '...' for axes without one",
  })
}

function namesOf(term: Term, covered: number): string[] {
  return term.flatMap(({ name }) => (name === ellipsis ? coveredNames(covered) : [name]))
}

/** Names that no equation can contain, the same for axes at the same distance from the last. */
function coveredNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `.${count - 1 - i}`)
}

export function isCovered(name: string): boolean {
  return name.startsWith('.')
}

/** Covered axes first, then what occurs once, in alphabetical order. */
function implicitOutput(operands: readonly (readonly string[])[], covered: number): string[] {
  const all = operands.flat().filter((name) => !isCovered(name))
  const once = all.filter((name) => all.indexOf(name) === all.lastIndexOf(name))
  return [...coveredNames(covered), ...once.sort()]
}

function bindSizes(
  equation: string,
  operands: readonly (readonly string[])[],
  shapes: readonly Shape[],
): Map<string, number> {
  const sizes = new Map<string, number>()
  operands.forEach((labels, operand) => {
    labels.forEach((name, axis) => {
      const size = shapes[operand]?.[axis] ?? 1
      const known = sizes.get(name)
      const broadcasts = isCovered(name) && (size === 1 || known === 1)
      if (known !== undefined && known !== size && !broadcasts) {
        throw new ShapeError('einsum', {
          got: `equation '${equation}': ${axisText(name)} has sizes ${known} and ${size}, the second in operand ${operand}, which is ${formatShape(shapes[operand] ?? [])}`,
          wanted: 'one size per label',
        })
      }
      if (known === undefined || (broadcasts && known === 1)) sizes.set(name, size)
    })
  })
  return sizes
}

function axisText(name: string): string {
  return isCovered(name) ? `an axis of '...'` : `'${name}'`
}
