import {
  add,
  exp,
  type KernelArray,
  neg,
  registerKernel,
  softmax,
  unregisterKernel,
} from '@tensorweft/core'

type Unary = { x: KernelArray }
type Binary = { a: KernelArray; b: KernelArray }
type Softmax = { x: KernelArray; axis?: number }

/** Runs `body` while functions in JavaScript compute a few ops on a backend. */
export async function withJavaScriptKernels<T>(
  backend: string,
  body: () => Promise<T>,
): Promise<T> {
  registerKernel(exp, backend, {
    run: ({ x }: Unary, output) => output.data.set(Float64Array.from(x.data, Math.exp)),
  })
  registerKernel(neg, backend, {
    supports: ({ x }: Unary) => x.dtype === 'float32',
    run: ({ x }, output) => output.data.set(x.data.map((value) => -value)),
  })
  registerKernel(add, backend, {
    supports: ({ a }: Binary) => a.dtype === 'float32' && a.shape.length < 3,
    run: ({ a, b }, output) => output.data.set(a.data.map((value, i) => value + (b.data[i] ?? 0))),
  })
  registerKernel(softmax, backend, {
    supports: ({ x, axis = -1 }: Softmax) => x.shape.length === 1 && axis <= 0,
    run: ({ x }, output) => {
      const largest = Math.max(...x.data)
      const exps = Float64Array.from(x.data, (value) => Math.exp(value - largest))
      const total = exps.reduce((sum, value) => sum + value, 0)
      output.data.set(exps.map((value) => value / total))
    },
  })
  try {
    return await body()
  } finally {
    for (const op of [exp, neg, add, softmax]) unregisterKernel(op, backend)
  }
}
