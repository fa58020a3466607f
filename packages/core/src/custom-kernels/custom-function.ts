import type { TypedArray } from '../dtype.ts'
import { BackendError } from '../errors.ts'
import type { CustomKernel } from '../ir/kernel.ts'
import { functionOf } from './registrations.ts'

/**
 * What a custom kernel in JavaScript does to the arrays of its operands, for backends whose memory
 * JavaScript can see.
 *
 * @throws BackendError for code in another language.
 */
export function customFunction(
  kernel: CustomKernel,
  backend: string,
): (arrays: readonly TypedArray[]) => void {
  const { call, code, label, operands } = kernel
  const run = code.language === 'javascript' ? functionOf(code.function) : undefined
  if (run === undefined) throw wrongLanguage(kernel, backend, 'a registered function, as `run`')
  const arrayOf = (shape: readonly number[], i: number, arrays: readonly TypedArray[]) => {
    const [operand, data] = [operands[i], arrays[i]]
    if (operand === undefined || data === undefined)
      throw new Error(`no operand ${i} in '${label}'`)
    return { shape, dtype: operand.dtype, data }
  }
  return (arrays) => {
    const tensors = call.tensors.map(({ name, shape }, i) => [name, arrayOf(shape, i, arrays)])
    const output = arrayOf(call.shape, call.tensors.length, arrays)
    run({ ...call.options, ...Object.fromEntries(tensors) }, output)
  }
}

/** The error of a backend that cannot run a kernel's code. */
export function wrongLanguage(
  { code, label }: CustomKernel,
  backend: string,
  wanted: string,
): BackendError {
  return new BackendError(`${backend}.compile`, {
    got: `a kernel for ${label} in ${code.language}`,
    wanted,
    hint: 'look at what was given to registerKernel',
  })
}
