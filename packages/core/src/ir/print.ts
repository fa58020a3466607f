import type {
  ContractKernel,
  CustomKernel,
  Kernel,
  LoopKernel,
  ScanKernel,
  ScatterKernel,
  SortKernel,
  Store,
} from './kernel.ts'
import type { Plan, Slot } from './plan.ts'
import type { IndexData, Program, RangeData, Step } from './program.ts'

/** A plan as readable text: memory, then each kernel with its loops and its program. */
export function printPlan(plan: Plan): string {
  const kernels = plan.kernels.map((kernel, i) => printKernel(kernel, i, plan.slots))
  const { inputs, outputs, scalars } = plan
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`
  const head = [
    count(kernels.length, 'kernel'),
    `${(plan.arenaByteLength / 2 ** 20).toFixed(2)} MiB arena`,
    count(inputs.length, 'input'),
    `${count(outputs.length, 'output')} (${outputs.filter((o) => o.donated !== undefined).length} in place)`,
    count(scalars.length, 'scalar'),
  ]
  return [head.join(', '), ...kernels].join('\n\n')
}

function printKernel(kernel: Kernel, number: number, slots: readonly Slot[]): string {
  const operands = kernel.operands.map(({ slot, dtype }, i) => {
    const at = slots[slot]
    return `  #${i} ${dtype}[${at?.size}] ${at === undefined ? '?' : place(at)}`
  })
  return [`${number + 1}. ${kernel.kind}: ${kernel.label}`, ...operands, ...printBody(kernel)].join(
    '\n',
  )
}

function printBody(kernel: Kernel): string[] {
  switch (kernel.kind) {
    case 'contract':
      return printContract(kernel)
    case 'scan':
    case 'sort':
    case 'scatter':
      return printWalk(kernel)
    case 'custom':
      return printCustom(kernel)
    default:
      return printLoops(kernel)
  }
}

function place(slot: Slot): string {
  switch (slot.in) {
    case 'input':
      return `input ${slot.input}`
    case 'output':
      return `output ${slot.output}`
    case 'arena':
      return `arena at ${slot.byteOffset}`
  }
}

function printLoops({ axes, outer, stages }: LoopKernel): string[] {
  const loops = (from: number, to?: number) => axesText(axes, range(axes.length).slice(from, to))
  return stages.flatMap((stage) => [
    `  for ${stage.over === 'all' ? loops(0) : loops(0, outer)}`,
    ...printProgram(stage.program),
    ...stage.reductions.map(({ combiner, value, dtype }) => {
      return `    ${combiner} of %${value} over ${loops(outer)}: ${dtype}`
    }),
    ...printStores(stage.stores),
  ])
}

function printWalk(kernel: ScanKernel | SortKernel | ScatterKernel): string[] {
  const { axes, outer, program, store } = kernel
  const all = range(axes.length)
  return [
    `  for ${axesText(axes, all.slice(0, outer))}, in order ${axesText(axes, all.slice(outer))}`,
    ...printProgram(program),
    `    #${store.operand}[${indexText(store.index)}${walkText(kernel)}`,
  ]
}

function printCustom({ call: { tensors, options }, code }: CustomKernel): string[] {
  const names = tensors.map(({ name, shape }, i) => `${name} [${shape.join(', ')}] = #${i}`)
  const written = `#${tensors.length} = ${code.language}(${names.join(', ')}) ${JSON.stringify(options)}`
  const source = code.language === 'wgsl' ? code.source.trim().split('\n') : []
  return [written, ...source].map((line) => `    ${line}`)
}

/** What is stored, from the end of the index on. */
function walkText(kernel: ScanKernel | SortKernel | ScatterKernel): string {
  switch (kernel.kind) {
    case 'scan':
      return `] = running ${kernel.reduction.combiner} of %${kernel.reduction.value}`
    case 'sort':
      return `] = order of %${kernel.store.value}${kernel.descending ? ', descending' : ''}`
    case 'scatter':
      return ` + ${kernel.stride}·%${kernel.target}] += %${kernel.store.value} if 0 ≤ %${kernel.target} < ${kernel.size}`
  }
}

function printContract(kernel: ContractKernel): string[] {
  const group = (name: string, axes: readonly number[]) => `${name} ${axesText(kernel.axes, axes)}`
  const groups = (['batch', 'm', 'n', 'k'] as const).map((name) => group(name, kernel[name]))
  return [
    `  ${groups.join(', ')}`,
    '  left',
    ...printProgram(kernel.left.program),
    '  right',
    ...printProgram(kernel.right.program),
    '  epilogue',
    ...printProgram(kernel.epilogue),
    ...printStores(kernel.stores),
  ]
}

function axesText(sizes: readonly number[], axes: readonly number[]): string {
  return `[${axes.map((axis) => `${axisName(axis)} < ${sizes[axis]}`).join(', ')}]`
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}

function axisName(axis: number): string {
  return `i${axis}`
}

function printProgram(program: Program): string[] {
  return program.map((step, i) => `    %${i} = ${stepText(step)}`)
}

function stepText(step: Step): string {
  switch (step.op) {
    case 'constant':
      return `${step.value}: ${step.dtype}`
    case 'scalar':
      return `scalar ${step.scalar}: ${step.dtype}`
    case 'load':
      return `#${step.operand}[${indexText(step.index)}]${withinText(step.within)}`
    case 'gather':
      return `#${step.operand}[${indexText(step.index)} + %${step.offset}]${withinText(step.within)}`
    case 'index':
      return indexText(step.index)
    case 'inside':
      return `inside${withinText(step.within)}`
    case 'reduced':
      return `reduction ${step.reduction}`
    case 'apply':
      return `${step.instruction} ${step.args.map((arg) => `%${arg}`).join(', ')}`
  }
}

function printStores(stores: readonly Store[]): string[] {
  return stores.map(
    ({ value, operand, index }) => `    #${operand}[${indexText(index)}] = %${value}`,
  )
}

function withinText(within: readonly RangeData[]): string {
  if (within.length === 0) return ''
  return ` if ${within.map(({ index, low, high }) => `${low} ≤ ${indexText(index)} < ${high}`).join(' and ')}`
}

function indexText({ constant, terms, digits }: IndexData): string {
  const parts = [
    ...terms.map(({ axis, coefficient }) => scaled(coefficient, axisName(axis))),
    ...digits.map(({ of, divisor, modulus, coefficient }) => {
      const quotient = divisor === 1 ? `(${indexText(of)})` : `⌊(${indexText(of)}) / ${divisor}⌋`
      return scaled(coefficient, modulus === 0 ? quotient : `${quotient} mod ${modulus}`)
    }),
  ]
  if (constant !== 0 || parts.length === 0) parts.push(String(constant))
  return parts.join(' + ').replaceAll('+ -', '− ')
}

function scaled(coefficient: number, text: string): string {
  return coefficient === 1 ? text : `${coefficient}·${text}`
}
