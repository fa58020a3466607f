import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInChromium, openView } from './browser.testing.ts'
import { inspect } from './inspect.testing.ts'

/** Leaves the chosen contestants in the race, begins it and waits for its end. */
async function race(page: Page, contestants: readonly string[]): Promise<void> {
  for (const box of await page.getByRole('checkbox').all()) await box.uncheck()
  for (const name of contestants) await page.getByRole('checkbox', { name, exact: true }).check()
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('status').getByText('Done.').waitFor()
}

/** What is shown of a contestant: cells of its row. */
async function rowOf(page: Page, name: string): Promise<string[]> {
  const row = page.getByRole('row', { name: new RegExp(`^${name.replaceAll('.', '\\.')}`) })
  return row.getByRole('cell').allInnerTexts()
}

async function expectFigures(page: Page, name: string): Promise<void> {
  const [speed = '', time = '', loss = ''] = await rowOf(page, name)
  expect(speed, name).toMatch(/^[\d,.]+ steps per second$/)
  expect(Number.parseFloat(speed), name).toBeGreaterThan(0)
  expect(time, name).toMatch(/^[\d.]+ (µs|ms|s)\s+of \d+ steps$/)
  expect(loss, name).toMatch(/^\d\.\d{5}\s+(the first|equal|± \de-(?:[5-9]|\d\d))$/)
}

async function ratio(page: Page, name: string): Promise<number> {
  const figure = page.locator('.figures > div', { has: page.getByText(name, { exact: true }) })
  return Number.parseFloat((await figure.locator('dd').first().textContent()) ?? '')
}

describeInChromium('the Race view', () => {
  test('measures a training step of the MLP on both, and their ratio', async () => {
    const page = await openView({ view: 'race' })
    await inspect(page, 'race-before')
    const contestants = ['cpu', 'wasm'].flatMap((backend) => [
      `Tensorweft on ${backend}`,
      `TensorFlow.js on ${backend}`,
    ])
    await race(page, contestants)
    for (const name of contestants) await expectFigures(page, name)
    for (const name of ['On cpu', 'On wasm', 'Fastest of each']) {
      expect(await ratio(page, name)).toBeGreaterThan(0)
    }
    await inspect(page, 'race')
  })

  test('says what a peer cannot run: TensorFlow.js on wasm has no gradient of filters', async () => {
    const page = await openView({ view: 'race' })
    await page.getByRole('radio', { name: 'Conv net' }).check({ force: true })
    await page.getByRole('radio', { name: 'SGD' }).check({ force: true })
    await race(page, ['Tensorweft on wasm', 'TensorFlow.js on cpu', 'TensorFlow.js on wasm'])
    await expectFigures(page, 'Tensorweft on wasm')
    await expectFigures(page, 'TensorFlow.js on cpu')
    expect(await ratio(page, 'Fastest of each')).toBeGreaterThan(1)
    const [reason] = await rowOf(page, 'TensorFlow.js on wasm')
    expect(reason).toMatch(/cannot train a convolution on wasm.*Conv2DBackpropFilter/)
    await inspect(page, 'race-conv-net')
  })

  test('runs on webgpu', async () => {
    const page = await openView({ view: 'race' })
    await race(page, ['Tensorweft on webgpu', 'TensorFlow.js on webgpu'])
    await expectFigures(page, 'Tensorweft on webgpu')
    await expectFigures(page, 'TensorFlow.js on webgpu')
  })

  test('takes one thread where the page is not isolated', async () => {
    const page = await openView({ view: 'race', isolated: false })
    await race(page, ['TensorFlow.js on wasm'])
    await expectFigures(page, 'TensorFlow.js on wasm')
    await page.getByText('one thread', { exact: true }).waitFor()
  })

  test('can be cancelled, and is over when something else begins to compute', async () => {
    const page = await openView({ view: 'race' })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('status').getByText('prepares').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('status').getByText('Cancelled.').waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('status').getByText('prepares').waitFor()
    await page.getByRole('tab', { name: 'Train' }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('tab', { name: 'Race' }).click()
    await page.getByText('something else began to compute').waitFor()
  })
})
