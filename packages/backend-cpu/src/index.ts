export { cpu } from './backend.ts'
