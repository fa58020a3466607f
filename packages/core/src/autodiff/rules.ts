import type { Node, Tensor } from '../graph/tensor.ts'

/** The gradient of one node by its inputs; `undefined` for none. */
export type Rule = (dy: Tensor) => readonly (Tensor | undefined)[]

// A closure is no plain data and must not be part of what a plan is known by: it stands beside.
const rules = new WeakMap<Node, Rule>()

export function setRule(node: Node, rule: Rule): void {
  rules.set(node, rule)
}

export function ruleOf(node: Node): Rule | undefined {
  return rules.get(node)
}
