export { wasm } from './backend.ts'
