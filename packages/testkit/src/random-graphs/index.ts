export {
  checkRandomGraphs,
  GraphMismatchError,
  type RandomGraphOptions,
  type RandomGraphSummary,
} from './check.ts'
export type { GraphLimits } from './growing-graph.ts'
export type { GraphNode, GraphProgram } from './program.ts'
export type { RunMode } from './run-modes.ts'
