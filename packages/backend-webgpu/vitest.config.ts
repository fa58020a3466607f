import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

export default mergeConfig(shared, {
  test: { globalSetup: 'src/testing/setup.testing.ts', testTimeout: 120_000, hookTimeout: 60_000 },
})
