import { cpu } from '@tensorweft/backend-cpu'
import { describeConformance } from './node.ts'

// A program for the runner of Node.js: one skip is needed, the other is not.
const skips = { 'instructions: add *': 'known to fail' }
describeConformance('cpu', cpu, { only: ['instructions: add', 'instructions: sub'], skips })
