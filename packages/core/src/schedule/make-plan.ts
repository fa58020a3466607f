import type { Backend } from '../backend.ts'
import { arithmeticOf, byteLengthOf } from '../dtype.ts'
import type { GraphStructure } from '../graph/structure.ts'
import type { Node } from '../graph/tensor.ts'
import { type ArraySpec, contractVersion, type Plan, type Slot } from '../ir/plan.ts'
import { sizeOf } from '../shape.ts'
import { layOutArena } from './arena.ts'
import { buildKernels } from './build-kernel.ts'
import type { Claims } from './claim.ts'
import { contractionAsLoops } from './contraction-as-loops.ts'
import { type DonationWish, grantDonations } from './donation.ts'
import type { Draft } from './draft-order.ts'
import { groupIntoDrafts } from './group.ts'
import { chooseMaterialized } from './materialize.ts'

/**
 * Schedules a graph for a backend: chooses arrays, groups them into kernels, orders these and lays
 * out memory. Inputs are `structure.arrays`, scalars `structure.numbers`; `wishes` names outputs
 * that may overwrite inputs, and the plan says which of them do. `claims` are nodes that kernels
 * written by hand compute.
 */
export function makePlan(
  structure: GraphStructure,
  { capabilities }: Pick<Backend, 'capabilities'>,
  wishes: readonly DonationWish[] = [],
  claims: Claims = new Map(),
): Plan {
  const resolve = (node: Node) => structure.representative.get(node) ?? node
  const materialized = chooseMaterialized(structure, capabilities.kernels, claims)
  const order = groupIntoDrafts(
    structure.order.filter((node) => materialized.has(node) && sizeOf(node.shape) > 0),
    {
      materialized,
      resolve,
      isGiven: structure.isGiven,
      scalarOf: new Map(structure.numbers.map((node, i) => [node, i])),
      functions: capabilities.functions,
      kinds: capabilities.kernels,
      claims,
    },
  )
  const donations = grantDonations(
    wishes
      .filter(({ input }) => structure.arrays.includes(input))
      .map(({ output, input }) => ({ output: resolve(output), input })),
    order,
  )
  const { drafts, isStored } = neededDrafts(structure, order.sorted())
  const slots = assignSlots(structure, drafts, donations, isStored)
  return {
    version: contractVersion,
    kernels: drafts
      .flatMap((draft) => buildKernels(draft, { of: slots.of, isStored }))
      .map((kernel) => {
        const isSupported = kernel.kind !== 'contract' || capabilities.kernels.includes('contract')
        return isSupported ? kernel : contractionAsLoops(kernel)
      }),
    slots: slots.all,
    inputs: structure.arrays.map(specOf),
    outputs: structure.outputs.map((node) => {
      const donation = donations.find(({ output }) => output === node)
      const donated = donation && structure.arrays.indexOf(donation.input)
      return { ...specOf(node), donated }
    }),
    scalars: structure.numbers.map((node) => arithmeticOf(node.dtype)),
    arenaByteLength: slots.arenaByteLength,
  }
}

function specOf(node: Node): ArraySpec {
  return { dtype: node.dtype, size: sizeOf(node.shape) }
}

/**
 * Drafts that outputs are made of, and which nodes are outputs or read by another draft. A node that
 * its readers turned out not to load, as expressions were simplified, is not computed.
 */
function neededDrafts(
  structure: GraphStructure,
  sorted: readonly Draft[],
): { drafts: readonly Draft[]; isStored: (node: Node) => boolean } {
  const stored = new Set(structure.outputs)
  const isStored = (node: Node) => stored.has(node)
  const needed = [...sorted].reverse().filter((draft) => {
    if (!draft.nodes.some(isStored)) return false
    for (const read of draft.reads) stored.add(read)
    return true
  })
  return { drafts: needed.reverse(), isStored }
}

interface Slots {
  readonly all: readonly Slot[]
  readonly arenaByteLength: number
  /** Slot that holds the value of a node. */
  of(node: Node): number
}

/** Inputs and outputs first, then scratch arrays by their lifetimes. */
function assignSlots(
  structure: GraphStructure,
  drafts: readonly Draft[],
  donations: readonly DonationWish[],
  isStored: (node: Node) => boolean,
): Slots {
  const slotOf = new Map<Node, number>()
  const all: Slot[] = structure.arrays.map((node, input) => {
    slotOf.set(node, input)
    return { in: 'input', input, ...specOf(node) }
  })
  structure.outputs.forEach((node, output) => {
    const donation = donations.find((donation) => donation.output === node)
    const slot =
      donation === undefined
        ? all.push({ in: 'output', output, ...specOf(node) }) - 1
        : slotOf.get(donation.input)
    if (slot !== undefined) slotOf.set(node, slot)
  })
  const scratch = drafts
    .flatMap((draft) => draft.nodes)
    .filter((node) => isStored(node) && !slotOf.has(node))
  const layout = layOutArena(scratch.map((node) => lifetimeOf(node, drafts)))
  scratch.forEach((node, i) => {
    const byteOffset = layout.byteOffsets[i] ?? 0
    slotOf.set(node, all.push({ in: 'arena', byteOffset, ...specOf(node) }) - 1)
  })
  const of = (node: Node) => {
    const slot = slotOf.get(node)
    if (slot === undefined) throw new Error('a node without a slot')
    return slot
  }
  return { all, arenaByteLength: layout.byteLength, of }
}

function lifetimeOf(node: Node, drafts: readonly Draft[]) {
  const { dtype, size } = specOf(node)
  return {
    byteLength: byteLengthOf(dtype, size),
    first: drafts.findIndex((draft) => draft.nodes.includes(node)),
    last: drafts.findLastIndex((draft) => draft.nodes.includes(node) || draft.reads.has(node)),
  }
}
