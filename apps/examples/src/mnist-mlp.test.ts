import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeSafetensors } from '@tensorweft/layers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barFiles } from './data/bars.testing.ts'
import { writeFiles } from './data/idx.testing.ts'
import { type RunningProgram, runExample } from './program.testing.ts'

let folder = ''
let data = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-mlp-'))
  data = join(folder, 'data')
  writeFiles(data, barFiles(600, 200))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the program on the small data set. */
function runOnBars(args: string, onOutput?: (program: RunningProgram, stdout: string) => void) {
  return runExample('mnist-mlp', ['--data', data, ...args.split(' ')], onOutput)
}

/** Names and shapes of the weights in a file. */
function shapesIn(path: string): Record<string, readonly number[]> {
  const { tensors } = decodeSafetensors(readFileSync(path))
  return Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))
}

const shapes = {
  'dense.kernel': [100, 256],
  'dense.bias': [256],
  'dense_1.kernel': [256, 10],
  'dense_1.bias': [10],
}

describe('training', () => {
  test.each(['sgd --learning-rate 0.1', 'adam'])(
    'with %s learns, reports and saves',
    async (optimizer) => {
      const saved = join(folder, `${optimizer.slice(0, 3)}.safetensors`)
      const outcome = await runOnBars(
        `--optimizer ${optimizer} --epochs 2 --batch-size 64 --save ${saved}`,
      )
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' })
      const lines = outcome.stdout.split('\n')
      expect(lines[0]).toMatch(/^Epoch: 0001 cost= \d+\.\d{9}$/)
      expect(lines[1]).toMatch(/^Epoch: 0002 cost= \d+\.\d{9}$/)
      expect(lines.slice(2, 4)).toEqual([`Saved ${saved}`, 'Optimization Finished!'])
      const [, accuracy] = /^Accuracy: (\d\.\d{4})$/.exec(lines[4] ?? '') ?? []
      expect(Number(accuracy)).toBeGreaterThan(0.95)
      expect(lines.slice(5)).toEqual([''])
      expect(shapesIn(saved)).toEqual(shapes)
    },
  )

  test('is the same for the same seed, and another for another', async () => {
    const runs = [3, 3, 4].map((seed) => runOnBars(`--epochs 1 --batch-size 50 --seed ${seed}`))
    const [one, same, other] = (await Promise.all(runs)).map(({ stdout }) => stdout)
    expect(one).toBe(same)
    expect(one).not.toBe(other)
  })
})

describe('an interruption', () => {
  test('ends the training, saves and says so', async () => {
    const saved = join(folder, 'interrupted.safetensors')
    let sent = false
    const outcome = await runOnBars(`--epochs 100000 --save ${saved}`, (program, stdout) => {
      if (sent || !stdout.includes('Epoch: 0003')) return
      sent = true
      program.kill('SIGINT')
    })
    expect(outcome).toMatchObject({ exitCode: 130, stderr: '' })
    expect(outcome.stdout).toMatch(
      /\nSaved .*interrupted\.safetensors\nInterrupted: the training is not complete\.\n$/,
    )
    expect(outcome.stdout).not.toContain('Accuracy')
    expect(shapesIn(saved)).toEqual(shapes)
  })
})

describe('what cannot be done', () => {
  test.each([
    ['--backend gpu', /'gpu' is invalid\. Allowed choices are cpu, wasm, webgpu\./],
    ['--optimizer sgdx', /'sgdx' is invalid\. Allowed choices are sgd, adam\./],
    ['--batch-size 0', /Wanted a positive integer/],
    ['--batch-size 601', /--batch-size 601 is more than the 600 training images/],
    ['--data /nowhere', /\/nowhere: this data folder does not exist/],
  ])('%s is one line and exit code 1, nothing written', async (args, message) => {
    const before = readdirSync(folder)
    const outcome = await runOnBars(`--save ${join(folder, 'refused')} ${args}`)
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toMatch(message)
    expect(outcome.stderr).toMatch(/^error: .*\n$/)
    expect(readdirSync(folder)).toEqual(before)
  })
})
