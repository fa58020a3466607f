import { BenchError } from '../errors.ts'
import {
  type ConvolutionDirection,
  type ConvolutionProblem,
  type ConvolutionSizes,
  outputSide,
} from '../problems/convolution.ts'
import { integers, seededRandom, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import type { BenchCase, CaseFamily } from './bench-case.ts'
import { convolutionElement, convolutionLength } from './reference/convolution.ts'
import { sampleResult } from './sample-result.ts'

const sampleCount = 64
const pattern = /^conv-(forward|by-input|by-filters)-(\d+)x(\d+)x(\d+)x(\d+)x(\d+)-s(\d+)$/

/** `conv-DIRECTION-BxHxWxCxF-sS`: one convolution or one of its gradients. */
export const convolutionFamily: CaseFamily = {
  pattern: 'conv-(forward|by-input|by-filters)-BxHxWxCxF-sS',
  parse(name) {
    const parts = pattern.exec(name)
    if (parts === null) return undefined
    const [batch = 0, height = 0, width = 0, channels = 0, filters = 0, stride = 0] = parts
      .slice(2)
      .map(Number)
    const sizes = { batch, height, width, channels, filters, stride }
    if (Object.values(sizes).some((size) => size < 1)) {
      throw new BenchError(`Case '${name}': every size must be at least 1.`)
    }
    return convolutionCase(parts[1] as ConvolutionDirection, sizes)
  },
}

/** The name by which the command line takes it. */
export function convolutionName(direction: ConvolutionDirection, sizes: ConvolutionSizes): string {
  const { batch, height, width, channels, filters, stride } = sizes
  return `conv-${direction}-${[batch, height, width, channels, filters].join('x')}-s${stride}`
}

/** Products with padding count like all others. */
function flopsOf({ batch, height, width, channels, filters, stride }: ConvolutionSizes): number {
  const pixels = batch * outputSide(height, stride) * outputSide(width, stride)
  return 2 * pixels * 9 * channels * filters
}

export function convolutionProblem(
  direction: ConvolutionDirection,
  sizes: ConvolutionSizes,
): ConvolutionProblem {
  const { batch, height, width, channels, filters, stride } = sizes
  const random = seededRandom(33)
  const pixels = batch * outputSide(height, stride) * outputSide(width, stride)
  return {
    direction,
    sizes,
    images: uniform(random, batch * height * width * channels, -1, 1),
    filters: uniform(random, 9 * channels * filters, -1, 1),
    dy: uniform(random, pixels * filters, -1, 1),
  }
}

function convolutionCase(direction: ConvolutionDirection, sizes: ConvolutionSizes): BenchCase {
  const { batch, height, width, channels, filters, stride } = sizes
  const pixels = batch * outputSide(height, stride) * outputSide(width, stride)
  const terms = { forward: 9 * channels, 'by-input': 9 * filters, 'by-filters': pixels }[direction]
  return {
    name: convolutionName(direction, sizes),
    summary: `convolution ${direction}: [${batch}, ${height}, ${width}, ${channels}], ${filters} filters of 3×3, stride ${stride}`,
    flops: flopsOf(sizes),
    checkSteps: 1,
    tolerance: { relative: 1e-5, absolute: 1e-6 * terms },
    async prepare(subjects) {
      const problem = convolutionProblem(direction, sizes)
      const length = convolutionLength(problem)
      const places = Int32Array.of(
        0,
        length - 1,
        ...integers(seededRandom(34), sampleCount, length),
      )
      const contest = await contend(subjects, (subject) => subject.convolution(problem))
      return {
        ...contest,
        contenders: contest.contenders.map((contender) => sampleResult(contender, length, places)),
        expected: Array.from(places, (place) => convolutionElement(problem, place)),
      }
    },
  }
}
