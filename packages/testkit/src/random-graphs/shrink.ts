import { sizeOf } from '@tensorweft/core'
import { programSize } from './print.ts'
import type { GraphNode, GraphProgram, Leaf } from './program.ts'

/**
 * A shorter or lower list of choices that still fails: runs are cut out, numbers are halved and
 * lowered, as long as it helps and at most `attempts` times.
 */
export async function shrinkChoices(
  choices: readonly number[],
  fails: (choices: readonly number[]) => Promise<boolean>,
  attempts = 400,
): Promise<readonly number[]> {
  let best = choices
  let left = attempts
  const improve = async (candidate: readonly number[]) => {
    if (left <= 0 || !isSimpler(candidate, best)) return false
    left--
    if (!(await fails(candidate))) return false
    best = candidate
    return true
  }
  for (let before: readonly number[] = []; before !== best && left > 0; ) {
    before = best
    for (const length of [16, 8, 4, 2, 1]) {
      for (let at = best.length - length; at >= 0; at--) {
        await improve(best.toSpliced(at, length))
      }
    }
    for (let at = 0; at < best.length; at++) {
      const value = best[at] ?? 0
      for (const lower of new Set([0, Math.floor(value / 2), Math.max(value - 1, 0)])) {
        if (lower < value && (await improve(best.with(at, lower)))) break
      }
    }
  }
  return best
}

function isSimpler(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return a.length < b.length
  const at = a.findIndex((choice, i) => choice !== b[i])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

/** A smaller program that still fails: fewer outputs, nodes replaced by leaves or by their inputs. */
export async function shrinkProgram(
  program: GraphProgram,
  fails: (program: GraphProgram) => Promise<boolean>,
): Promise<GraphProgram> {
  let best = program
  for (let improved = true; improved; ) {
    improved = false
    for (const candidate of simplerPrograms(best)) {
      if (complexity(candidate) >= complexity(best) || !(await fails(candidate))) continue
      best = candidate
      improved = true
      break
    }
  }
  return best
}

/** What is not needed may matter nevertheless, such as a parameter that is merely assigned. */
function* simplerPrograms(program: GraphProgram): Generator<GraphProgram> {
  yield withoutUnused(program)
  for (const change of changedPrograms(program)) {
    yield withoutUnused(change)
    yield change
  }
}

function* changedPrograms(program: GraphProgram): Generator<GraphProgram> {
  const { nodes, outputs } = program
  if (outputs.length > 1) {
    for (const output of outputs) yield { nodes, outputs: [output] }
    for (const output of outputs) yield { nodes, outputs: outputs.filter((o) => o !== output) }
  }
  for (const [number, node] of [...nodes.entries()].reverse()) {
    if (node.kind === 'leaf') {
      const simple = simpleLeaf(node)
      if (simple.values.some((value, i) => !Object.is(value, node.values[i]))) {
        yield { nodes: nodes.with(number, simple), outputs }
      }
      continue
    }
    yield { nodes: nodes.with(number, simpleLeaf(node)), outputs }
    for (const input of node.inputs) {
      if (isAlike(nodes[input], node)) yield redirected(program, number, input)
    }
  }
}

function simpleLeaf(node: GraphNode): Leaf {
  const { shape, dtype } = node
  const below = node.kind === 'leaf' ? node.below : undefined
  const value = (i: number) => (dtype === 'bool' ? i % 2 : below === undefined ? i + 1 : i % below)
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => value(i))
  return { kind: 'leaf', shape, dtype, values, ...(below !== undefined && { below }) }
}

function isAlike(a: GraphNode | undefined, b: GraphNode): boolean {
  return a !== undefined && a.dtype === b.dtype && a.shape.join() === b.shape.join()
}

/** Every use of node `from` replaced by node `to`. */
function redirected({ nodes, outputs }: GraphProgram, from: number, to: number): GraphProgram {
  const target = (number: number) => (number === from ? to : number)
  return {
    nodes: nodes.map((node) =>
      node.kind === 'leaf' ? node : { ...node, inputs: node.inputs.map(target) },
    ),
    outputs: [...new Set(outputs.map(target))],
  }
}

/** Without nodes that no output needs. */
function withoutUnused({ nodes, outputs }: GraphProgram): GraphProgram {
  const needed = new Set(outputs)
  for (const [number, node] of [...nodes.entries()].reverse()) {
    if (needed.has(number) && node.kind === 'op') for (const i of node.inputs) needed.add(i)
  }
  const kept = [...nodes.keys()].filter((number) => needed.has(number))
  const renumbered = new Map(kept.map((number, position) => [number, position]))
  const target = (number: number) => renumbered.get(number) ?? 0
  return {
    nodes: kept.flatMap((number) => {
      const node = nodes[number]
      if (node === undefined) return []
      return node.kind === 'leaf' ? node : { ...node, inputs: node.inputs.map(target) }
    }),
    outputs: outputs.map(target),
  }
}

/** Decreases with every step of shrinking: simple values count less than others. */
function complexity(program: GraphProgram): number {
  const odd = program.nodes.filter(
    (node) => node.kind === 'leaf' && node.values.some((v, i) => v !== simpleLeaf(node).values[i]),
  )
  const applications = program.nodes.filter((node) => node.kind === 'op').length
  return programSize(program) + odd.length + applications * 2
}
