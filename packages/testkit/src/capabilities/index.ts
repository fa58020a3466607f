export type { Capability, CapabilityReport, Support } from './capability.ts'
export { capabilityReport } from './capability-report.ts'
export { formatCapabilityReport } from './format-capability-report.ts'
