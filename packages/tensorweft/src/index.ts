import './register-backends.ts'

export * from '@tensorweft/core'
export * as layers from '@tensorweft/layers'
export * from '@tensorweft/optimizers'
export { bestBackend } from './best-backend.ts'
