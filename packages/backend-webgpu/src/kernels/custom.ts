import { arithmeticOf, type CustomKernel, type DType, wrongLanguage } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { instructionText } from '../wgsl/instruction-text.ts'
import { Shader } from '../wgsl/shader.ts'
import { isPacked, typeOf } from '../wgsl/value-type.ts'
import type { KernelShader } from './kernel-shader.ts'

/**
 * A kernel written by hand, with functions that read its tensors and write its result; float16 is
 * f32 to it.
 */
export function customShader(kernel: CustomKernel, bindings: Bindings): KernelShader {
  const { call, code, operands } = kernel
  if (code.language !== 'wgsl') throw wrongLanguage(kernel, 'webgpu', 'wgsl')
  const result = operands.length - 1
  const dtype = operands[result]?.dtype ?? 'float32'
  const shader = new Shader(kernel, bindings, isPacked(dtype) ? [result] : [])
  const convert = (from: DType, to: DType, value: string) =>
    instructionText('cast', from, to, [value], shader.use)
  call.tensors.forEach(({ name }, operand) => {
    const from = operands[operand]?.dtype ?? 'float32'
    const own = arithmeticOf(from)
    const element = convert(from, own, shader.arrays.load(operand, 'index'))
    shader.declare(`fn ${name}(index: u32) -> ${typeOf(own)} { return ${element}; }`)
  })
  const value = convert(arithmeticOf(dtype), dtype, 'value')
  const type = typeOf(arithmeticOf(dtype))
  const statement = shader.arrays.store(result, 'index', value)
  shader.declare(`fn store(index: u32, value: ${type}) { ${statement} }`)
  shader.declare(code.source.trim())
  return {
    // The last workgroups of a folded grid are none of the kernel's.
    code: shader.module(code.workgroupSize, [
      `if (group < ${code.workgroups}u) { kernel(group, local); }`,
    ]),
    workgroups: code.workgroups,
  }
}
