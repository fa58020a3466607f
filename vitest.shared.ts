import { defineConfig } from 'vitest/config'

const conditions = ['@tensorweft/source']

/** Tests run on the sources of every package, without a build. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: true,
    testTimeout: 20_000,
    // By default one core is left free.
    maxWorkers: '100%',
    reporters: ['default', 'json'],
    outputFile: { json: '.cache/tests.json' },
  },
})
