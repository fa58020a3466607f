import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

export default mergeConfig(shared, {
  test: {
    globalSetup: 'src/testing/setup.testing.ts',
    // A GPU in software takes all cores by itself.
    fileParallelism: false,
    testTimeout: 300_000,
  },
})
