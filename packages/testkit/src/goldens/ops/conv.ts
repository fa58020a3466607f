import * as core from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOps } from '../golden-op.ts'

export const convOps: GoldenOps = {
  conv1d: (call) => core.conv1d(call.tensor('x'), call.tensor('filters'), convOptions(call)),
  conv2d: (call) => core.conv2d(call.tensor('x'), call.tensor('filters'), convOptions(call)),
  conv3d: (call) => core.conv3d(call.tensor('x'), call.tensor('filters'), convOptions(call)),
  convTranspose1d: (call) =>
    core.convTranspose1d(call.tensor('x'), call.tensor('filters'), convOptions(call)),
  convTranspose2d: (call) =>
    core.convTranspose2d(call.tensor('x'), call.tensor('filters'), convOptions(call)),
  depthwiseConv2d: (call) => {
    const { groups: _, ...options } = convOptions(call)
    return core.depthwiseConv2d(call.tensor('x'), call.tensor('filters'), options)
  },
  maxPool1d: (call) => core.maxPool1d(call.tensor('x'), poolOptions(call)),
  maxPool2d: (call) => core.maxPool2d(call.tensor('x'), poolOptions(call)),
  avgPool1d: (call) => core.avgPool1d(call.tensor('x'), poolOptions(call)),
  avgPool2d: (call) => core.avgPool2d(call.tensor('x'), poolOptions(call)),
  globalAvgPool2d: (call) => core.globalAvgPool2d(call.tensor('x')),
  resizeNearest: (call) => core.resizeNearest(call.tensor('x'), resizeOptions(call)),
  resizeBilinear: (call) => core.resizeBilinear(call.tensor('x'), resizeOptions(call)),
}

/** Absent attributes have the defaults of core. */
export function convOptions(call: GoldenCall) {
  return {
    strides: call.numbers('strides'),
    padding: padding(call),
    dilations: 'dilations' in call.attributes ? call.numbers('dilations') : 1,
    groups: 'groups' in call.attributes ? call.number('groups') : 1,
  }
}

export function poolOptions(call: GoldenCall) {
  return {
    poolSize: call.numbers('poolSize'),
    strides: call.numbers('strides'),
    padding: padding(call),
    countIncludePad: call.flag('countIncludePad'),
  }
}

function resizeOptions(call: GoldenCall): core.ResizeOptions {
  const [height = 0, width = 0] = call.numbers('size')
  return {
    size: [height, width],
    alignCorners: call.flag('alignCorners'),
    halfPixelCenters: call.flag('halfPixelCenters'),
  }
}

function padding(call: GoldenCall): core.WindowPadding {
  const name = call.attributes.padding
  return name === 'same' || name === 'valid' ? name : call.pairs('padding')
}
