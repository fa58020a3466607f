export type { ConformanceCase } from './case.ts'
export { checkGradients, type GradientArgument, type GradientOptions } from './check-gradients.ts'
export { checkOp, type OpCheck, type OpInput } from './check-op.ts'
export { ConformanceError } from './conformance-error.ts'
export { formatReport, formatReports } from './format-report.ts'
export { type CaseResult, type ConformanceReport, runConformance } from './run-conformance.ts'
export {
  type BackendFactory,
  type ConformanceOptions,
  type ConformanceSuite,
  conformanceSuite,
} from './suite.ts'
