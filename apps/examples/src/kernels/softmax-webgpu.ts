import type { HandWrittenKernel, TensorSpec } from '@tensorweft/core'

/** Invocations that share a row. */
const lanes = 64

/**
 * Softmax along the last axis for backend-webgpu: a workgroup for each row, in which the maximum and
 * the sum are trees in shared memory.
 *
 * ```ts
 * registerKernel(softmax, 'webgpu', softmaxOnWebGpu)
 * ```
 */
export const softmaxOnWebGpu: HandWrittenKernel<{ x: TensorSpec; axis?: number }> = {
  supports: ({ x, axis = -1 }) =>
    x.dtype === 'float32' && x.shape.length > 0 && (axis === -1 || axis === x.shape.length - 1),

  emit: ({ x }) => {
    const columns = x.shape.at(-1) ?? 1
    const rows = x.shape.slice(0, -1).reduce((product, size) => product * size, 1)
    return {
      language: 'wgsl',
      source: softmaxText(columns, rows),
      workgroups: rows,
      workgroupSize: lanes,
    }
  },
}

function softmaxText(columns: number, rows: number): string {
  const tree = (combined: string) => `
  for (var half = ${lanes / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (local < half) { shared_values[local] = ${combined}; }
  }
  workgroupBarrier();`
  return `
var<workgroup> shared_values: array<f32, ${lanes}>;

fn kernel(group: u32, local: u32) {
  let row = min(group, ${rows - 1}u);
  let start = row * ${columns}u;
  var largest = -3.4e38;
  for (var i = local; i < ${columns}u; i += ${lanes}u) { largest = max(largest, x(start + i)); }
  shared_values[local] = largest;${tree('max(shared_values[local], shared_values[local + half])')}
  largest = shared_values[0];
  workgroupBarrier();
  var total = 0.0;
  for (var i = local; i < ${columns}u; i += ${lanes}u) { total += exp(x(start + i) - largest); }
  shared_values[local] = total;${tree('shared_values[local] + shared_values[local + half]')}
  total = shared_values[0];
  for (var i = local; i < ${columns}u; i += ${lanes}u) {
    store(start + i, exp(x(start + i) - largest) / total);
  }
}`
}
