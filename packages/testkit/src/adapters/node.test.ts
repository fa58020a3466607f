import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the suite runs under the runner of Node.js, a test for each case', async () => {
  const program = fileURLToPath(new URL('node-run.testing.ts', import.meta.url))
  const args = ['--conditions=@tensorweft/source', '--test', '--test-reporter=tap', program]
  // The runner reports to whoever started it unless this is gone.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  const run = promisify(execFile)(process.execPath, args, { env })
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  expect(stdout).toMatch(/^\s*ok \d+ - instructions: sub float32$/m)
  expect(stdout).toMatch(/^\s*not ok \d+ - instructions: add float32 \(cannot: known to fail\)$/m)
  expect(stdout).toContain('although it is skipped: known to fail')
})
