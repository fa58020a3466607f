import type { Primitive } from './tensor.ts'

/** The op whose nodes a function makes, for those who know the function only. */
const ops = new WeakMap<object, Primitive>()

/** Lets `opOf` find the op behind what a program calls; returns that. */
export function linkOp<T extends object>(target: T, op: Primitive): T {
  // What `defineOp` returns is linked to the record that nodes carry.
  ops.set(target, ops.get(op) ?? op)
  return target
}

export function opOf(target: object): Primitive | undefined {
  return ops.get(target)
}
