import { defineConfig } from 'vitest/config'

const conditions = ['@tensorweft/source']

/** Tests run on the sources of every package, without a build. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: true,
    // What hangs ends some time; what is slow, on a slow or a busy machine, is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // By default one core is left free.
    maxWorkers: '100%',
    reporters: ['default', 'json'],
    outputFile: { json: '.cache/tests.json' },
  },
})
