import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pack } from './pack.ts'

const folder = mkdtempSync(join(tmpdir(), 'tensorweft-pack-'))
const timeoutMs = 120_000

useSwiftShader('the packed benchmark')
beforeAll(() => pack(folder, { conditions: ['@tensorweft/source'] }), timeoutMs)
afterAll(() => rmSync(folder, { recursive: true }))

/** The program where no package of ours is near. */
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(folder, 'main.js'), ...args], { encoding: 'utf8', cwd: folder })

test('the folder has a program that needs no package', () => {
  const { status, stderr } = run('nothing')
  expect(stderr).toMatch(/^Unknown case 'nothing'; cases: /)
  expect(status).toBe(1)
})

test.skipIf(chromium === undefined)(
  'which measures on the GPU with the Dawn beside it',
  () => {
    const { stdout, stderr, status } = run('--quick', '--only', 'sum', '--json', 'report.json')
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toMatch(/^GPU: .*SwiftShader/m)
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    expect(report.gpu).toMatch(/SwiftShader/)
    expect(report.rows.map((row: { subject: string }) => row.subject)).toEqual([
      ...['copyBufferToBuffer', 'tensorweft/webgpu', 'tfjs-webgpu', 'jax-js-webgpu'],
    ])
  },
  timeoutMs,
)

test('a platform without Dawn is refused', async () => {
  await expect(pack(folder, { platform: 'amiga-68k' })).rejects.toThrow(
    /^No Dawn for 'amiga-68k'; there is .*linux-x64/,
  )
})
