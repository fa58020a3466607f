import { BackendError } from '../errors.ts'
import type { FindClaims } from '../execution/claims.ts'
import { attributeText } from '../graph/attribute-text.ts'
import type { Node, TensorSpec } from '../graph/tensor.ts'
import type { CustomCall, KernelCode } from '../ir/kernel.ts'
import type { Claim } from '../schedule/claim.ts'
import { sizeOf } from '../shape.ts'
import { type Registration, registrationOf } from './registrations.ts'

/** The nodes of a graph whose calls registered kernels support. */
export const findClaims: FindClaims = (structure, backend) => {
  const claims = new Map<Node, Claim>()
  for (const node of structure.order) {
    if (structure.isGiven(node) || node.source.kind !== 'op') continue
    const registration = registrationOf(backend.name, node.source.op)
    if (registration === undefined) continue
    const isNumber = (input: Node) => {
      const own = structure.representative.get(input)
      return own !== undefined && structure.numbers.includes(own)
    }
    const claim = claimOf(node, registration, isNumber)
    if (claim === undefined) continue
    if (!backend.capabilities.kernels.includes('custom')) throw noCustomKernels(backend.name, node)
    claims.set(node, claim)
  }
  return claims
}

function claimOf(
  node: Node,
  { kernel, number }: Registration,
  isNumber: (node: Node) => boolean,
): Claim | undefined {
  const call = callOf(node)
  if (call === undefined || sizeOf(node.shape) === 0) return undefined
  const { tensors, options } = call
  if (tensors.some(({ input }) => isNumber(input) || sizeOf(input.shape) === 0)) return undefined
  const specs = tensors.map(({ name, input }) => [name, specOf(input)])
  const given = { ...options, ...Object.fromEntries(specs) }
  if (kernel.supports?.(given, specOf(node)) === false) return undefined
  const emit = (): KernelCode =>
    'run' in kernel
      ? { language: 'javascript', function: number }
      : kernel.emit(given, specOf(node))
  const plain: CustomCall = {
    tensors: tensors.map(({ name, input }) => ({ name, shape: input.shape })),
    options,
    shape: node.shape,
  }
  return {
    key: `${number} ${attributeText(options)}`,
    inputs: tensors.map(({ position }) => position),
    label: call.name,
    emit: () => ({ call: plain, code: emit() }),
  }
}

/** The tensors of the call that made a node, and its other arguments if they are plain data. */
function callOf(node: Node) {
  if (node.source.kind !== 'op') return undefined
  const { op, attributes, names, options = attributes } = node.source
  const tensors = names.flatMap((name, position) => {
    const input = node.inputs[position]
    const isResult = op.isRegion && position === 0
    return input === undefined || isResult ? [] : [{ name, position, input }]
  })
  return options === 'not plain' ? undefined : { name: op.name, tensors, options }
}

function specOf({ shape, dtype }: TensorSpec): TensorSpec {
  return { shape, dtype }
}

function noCustomKernels(backend: string, node: Node): BackendError {
  const op = node.source.kind === 'op' ? node.source.op.name : ''
  return new BackendError('registerKernel', {
    got: `a kernel for ${op} on ${backend}, which takes none`,
    wanted: "a backend whose capabilities list 'custom' kernels",
    hint: `unregisterKernel(${op}, '${backend}')`,
  })
}
