import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeSafetensors } from '@tensorweft/layers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barFiles } from './data/bars.testing.ts'
import { smallFiles, writeFiles } from './data/idx.testing.ts'
import { runExample } from './program.testing.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-cnn-'))
  writeFiles(join(folder, 'bars'), barFiles(600, 200))
  writeFiles(join(folder, 'few'), barFiles(130, 20))
  writeFiles(join(folder, 'tiny'), smallFiles())
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the program on one of the small data sets. */
function runOn(data: string, args: string) {
  return runExample('mnist-cnn', ['--data', join(folder, data), ...args.split(' ')])
}

describe('training a convolutional network', () => {
  test('learns, reports and saves', async () => {
    const saved = join(folder, 'cnn.safetensors')
    const outcome = await runOn('bars', `--epochs 3 --learning-rate 0.003 --save ${saved}`)
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' })
    const [first, second, third, ...rest] = outcome.stdout.split('\n')
    expect(first).toMatch(/^Epoch: 0001 cost= \d+\.\d{9}$/)
    expect(second).toMatch(/^Epoch: 0002 cost= \d+\.\d{9}$/)
    expect(third).toMatch(/^Epoch: 0003 cost= \d+\.\d{9}$/)
    expect(rest.slice(0, 2)).toEqual([`Saved ${saved}`, 'Optimization Finished!'])
    const [, accuracy] = /^Accuracy: (\d\.\d{4})$/.exec(rest[2] ?? '') ?? []
    expect(Number(accuracy)).toBeGreaterThan(0.95)
    expect(rest.slice(3)).toEqual([''])

    const { tensors } = decodeSafetensors(readFileSync(saved))
    expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))).toEqual({
      'conv2d.kernel': [3, 3, 1, 32],
      'conv2d.bias': [32],
      'conv2d_1.kernel': [3, 3, 32, 64],
      'conv2d_1.bias': [64],
      // Images of 10 by 10 are 2 by 2 after both pools.
      'dense.kernel': [2 * 2 * 64, 10],
      'dense.bias': [10],
    })
  })

  test('is one epoch of Adam in batches of 64 if not told otherwise, the same for the same seed', async () => {
    const [given, same, other] = await Promise.all([
      runOn('few', '--optimizer adam --learning-rate 0.003 --batch-size 64 --epochs 1 --seed 0'),
      runOn('few', '--backend wasm'),
      runOn('few', '--optimizer sgd'),
    ])
    expect(given.stdout).toMatch(/^Epoch: 0001 .*\nOptimization Finished!\nAccuracy: .*\n$/)
    expect(same.stdout).toBe(given.stdout)
    expect(other.stdout).not.toBe(given.stdout)
  })
})

test('images that are too small for the network are one line and exit code 1', async () => {
  const outcome = await runOn('tiny', '--batch-size 3')
  expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
  expect(outcome.stderr).toMatch(/^error: maxPool2d: spatial sizes \[1, 1\] .*\n$/)
})
