import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

export default mergeConfig(shared, {
  test: {
    globalSetup: 'src/e2e/serve.testing.ts',
    // Pages that train would take the processor from each other.
    fileParallelism: false,
  },
})
