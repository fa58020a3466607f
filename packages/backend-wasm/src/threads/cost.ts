import { type Kernel, type Program, programsOf, scalarFunctions, storesOf } from '@tensorweft/core'

type GeneratedKernel = Exclude<Kernel, { kind: 'custom' }>

// About what things cost on one core of 2024, in nanoseconds.
const product = 0.04
const stepOfPoint = 0.03
const functionOfPoint = 0.4
const walkOfPoint = 1
const orderOfPoint = 4

const slow: ReadonlySet<string> = new Set([
  ...['idiv', 'mod', 'exp2', 'log2', 'sin'],
  ...scalarFunctions,
])

/** What one thread needs for a kernel, in nanoseconds, give or take half. */
export function costOf(kernel: GeneratedKernel): number {
  const { axes } = kernel
  const points = (numbers: readonly number[]) =>
    numbers.reduce((count, axis) => count * (axes[axis] ?? 1), 1)
  const all = points([...axes.keys()])
  const stores = stepOfPoint * storesOf(kernel).length
  switch (kernel.kind) {
    case 'contract': {
      const { batch, m, n, k } = kernel
      const [left = [], right = [], epilogue = []] = programsOf(kernel)
      const outputs = points([...batch, ...m, ...n])
      return (
        all * product +
        points([...batch, ...m, ...k]) * pointCost(left) +
        points([...batch, ...n, ...k]) * pointCost(right) +
        outputs * (pointCost(epilogue) + stores)
      )
    }
    case 'sort': {
      const length = points([...axes.keys()].slice(kernel.outer))
      return all * (pointCost(kernel.program) + orderOfPoint * Math.log2(length + 2))
    }
    case 'scan':
    case 'scatter':
      return all * (pointCost(kernel.program) + walkOfPoint)
    default: {
      const outer = points([...axes.keys()].slice(0, kernel.outer))
      return kernel.stages.reduce((sum, { over, program, reductions }) => {
        const each = pointCost(program) + stepOfPoint * reductions.length
        return sum + (over === 'all' ? all : outer) * (each + stores)
      }, 0)
    }
  }
}

function pointCost(program: Program): number {
  return program.reduce((sum, step) => {
    if (step.op === 'apply' && slow.has(step.instruction)) return sum + functionOfPoint
    if (step.op === 'gather') return sum + functionOfPoint
    return step.op === 'apply' || step.op === 'load' ? sum + stepOfPoint : sum
  }, 0)
}
