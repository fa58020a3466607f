import { sizeOf } from '@tensorweft/core'
import type { Argument } from './argument.ts'
import { argumentsOf, callFormOf } from './graph-ops.ts'
import type { Application, GraphNode, GraphProgram, Leaf } from './program.ts'

/** The program as TypeScript that computes it, to be pasted into a test. */
export function printProgram({ nodes, outputs }: GraphProgram): string {
  const lines = nodes.map((node, number) => `const x${number} = ${nodeText(node)}`)
  return [...lines, `await realize(${outputs.map((output) => `x${output}`).join(', ')})`].join('\n')
}

function nodeText(node: GraphNode): string {
  return node.kind === 'leaf' ? leafText(node) : callText(node)
}

function leafText({ shape, dtype, values }: Leaf): string {
  const options = dtype === 'float32' ? '' : `, dtype: '${dtype}'`
  return `tensor([${values.map(numberText).join(', ')}], { shape: [${shape.join(', ')}]${options} })`
}

function callText({ op, inputs, args }: Application): string {
  const { picks = false } = callFormOf(op)
  const given = (picks ? args.slice(0, -1) : args).filter(
    (arg) => !(isRecord(arg) && Object.keys(arg).length === 0),
  )
  const names = inputs.map((input) => `x${input}`)
  const texts = argumentsOf(op, names, given.map(argumentText)).map((text) =>
    typeof text === 'object' ? `[${text.join(', ')}]` : String(text),
  )
  return `${op}(${texts.join(', ')})${picks ? memberText(args.at(-1)) : ''}`
}

function memberText(member: Argument | undefined): string {
  return typeof member === 'number' ? `[${member}]` : `.${String(member)}`
}

function argumentText(arg: Argument): string {
  if (typeof arg === 'number') return numberText(arg)
  if (typeof arg === 'string') return `'${arg}'`
  if (isList(arg)) return `[${arg.map(argumentText).join(', ')}]`
  if (!isRecord(arg)) return String(arg)
  return `{ ${Object.entries(arg)
    .map(([name, value]) => `${name}: ${argumentText(value)}`)
    .join(', ')} }`
}

function isList(arg: Argument): arg is readonly Argument[] {
  return Array.isArray(arg)
}

function isRecord(arg: Argument): arg is { readonly [name: string]: Argument } {
  return typeof arg === 'object' && arg !== null && !Array.isArray(arg)
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'Number.NaN' : `${value < 0 ? '-' : ''}Infinity`
}

/** How large a program is, for choosing the simpler of two. */
export function programSize({ nodes, outputs }: GraphProgram): number {
  const elements = nodes.reduce((sum, { shape }) => sum + shape.length + sizeOf(shape) / 64, 0)
  return nodes.length * 8 + outputs.length * 8 + elements
}
