export { describeRecord } from './describe-record.ts'
export { kernelTraffic, planTraffic, type Traffic } from './kernel-traffic.ts'
export { type BackendRecord, type RecordingBackend, recordBackend } from './record-backend.ts'
