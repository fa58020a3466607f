import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, type InlineConfig, preview } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built app is served. */
    readonly address: string
  }
}

/** Builds the app once for all tests and serves it as `npm run demo` does. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const config: InlineConfig = {
    root,
    logLevel: 'warn',
    // Runs side by side must not build into each other's folder.
    build: { outDir: `.cache/e2e/${process.pid}` },
    preview: { port: 0 },
  }
  await build(config)
  const server = await preview(config)
  project.provide('address', server.resolvedUrls?.local[0] ?? '')
  return async () => {
    await server.close()
    await rm(`${root}.cache/e2e/${process.pid}`, { recursive: true })
  }
}
