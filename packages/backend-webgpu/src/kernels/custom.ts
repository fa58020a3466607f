import { type CustomKernel, wrongLanguage } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { Shader } from '../wgsl/shader.ts'
import { isByte, typeOf } from '../wgsl/value-type.ts'
import type { KernelShader } from './kernel-shader.ts'

/** A kernel written by hand, with functions that read its tensors and write its result. */
export function customShader(kernel: CustomKernel, bindings: Bindings): KernelShader {
  const { call, code, operands } = kernel
  if (code.language !== 'wgsl') throw wrongLanguage(kernel, 'webgpu', 'wgsl')
  const result = operands.length - 1
  const dtype = operands[result]?.dtype ?? 'float32'
  const shader = new Shader(kernel, bindings, isByte(dtype) ? [result] : [])
  call.tensors.forEach(({ name }, operand) => {
    const type = typeOf(operands[operand]?.dtype ?? 'float32')
    const element = shader.arrays.load(operand, 'index')
    shader.declare(`fn ${name}(index: u32) -> ${type} { return ${element}; }`)
  })
  const statement = shader.arrays.store(result, 'index', 'value')
  shader.declare(`fn store(index: u32, value: ${typeOf(dtype)}) { ${statement} }`)
  shader.declare(code.source.trim())
  return {
    code: shader.module(code.workgroupSize, ['kernel(group, local);']),
    workgroups: code.workgroups,
  }
}
