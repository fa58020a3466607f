export * from './capabilities/index.ts'
export * from './conformance/index.ts'
export {
  checkKernel,
  type KernelCheckOptions,
  type KernelCheckReport,
} from './custom-kernels/check-kernel.ts'
export * from './goldens/index.ts'
export * from './random-graphs/index.ts'
export * from './recording/index.ts'
export * from './reference/index.ts'
