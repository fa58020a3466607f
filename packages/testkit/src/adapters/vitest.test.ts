import { cpu } from '@tensorweft/backend-cpu'
import { describeConformance } from './vitest.ts'

describeConformance('cpu', cpu, { only: ['buffers', 'parameters'] })
