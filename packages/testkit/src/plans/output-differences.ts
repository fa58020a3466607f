import { type Plan, type TypedArray, writtenOperands } from '@tensorweft/core'
import { storedValues } from './stored-values.ts'

/**
 * Says where outputs of a plan are not the wanted ones, number for number: one line for each output
 * that differs, with the kernel that wrote it. NaN is NaN, and the sign of zero is free.
 *
 * @example
 * ```ts
 * const { plan, inputs, scalars } = randomCase('scan', 3)
 * const wanted = interpretPlan(plan, inputs, scalars)
 * const got = await runPlan(cpu(), plan, inputs, scalars)
 * console.log(outputDifferences(plan, got, wanted)) // []
 * ```
 */
export function outputDifferences(
  plan: Plan,
  got: readonly TypedArray[],
  wanted: readonly TypedArray[],
): string[] {
  return plan.outputs.flatMap(({ dtype }, output) => {
    const valuesOf = (arrays: readonly TypedArray[]) =>
      storedValues(arrays[output] ?? new Uint8Array())
    const [g, w] = [valuesOf(got), valuesOf(wanted)]
    const length = Math.max(g.length, w.length)
    const wrong = Array.from({ length }, (_, i) => i).filter((i) => !isSame(g[i], w[i]))
    const [first] = wrong
    if (first === undefined) return []
    const where = `output ${output} (${dtype}, ${writerOf(plan, output)})`
    const count = `${wrong.length} of ${w.length} elements`
    return `${where}: ${count} differ: [${first}] got ${g[first]}, wanted ${w[first]}`
  })
}

function isSame(a: number | undefined, b: number | undefined): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}

/** What people call the last kernel that writes to an output. */
function writerOf({ kernels, slots, outputs }: Plan, output: number): string {
  const donated = outputs[output]?.donated
  const slot = slots.findIndex((place) =>
    donated === undefined
      ? place.in === 'output' && place.output === output
      : place.in === 'input' && place.input === donated,
  )
  const writer = kernels.findLast((kernel) =>
    writtenOperands(kernel).some((operand) => kernel.operands[operand]?.slot === slot),
  )
  return writer?.label ?? 'not written'
}
