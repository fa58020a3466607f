import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  describeInChromium,
  openView,
  patience,
  pressInPage,
  useBackend,
} from './browser.testing.ts'
import { inspect } from './inspect.testing.ts'

/** Measures a plan and returns the rows of the table, as lists of texts. */
async function measure(page: Page, backend: 'cpu' | 'wasm' | 'webgpu', plan: string) {
  await useBackend(page, backend)
  await page.getByLabel('Plan').selectOption(plan)
  const button = page.getByRole('button', { name: `Measure on ${backend}` })
  await button.click()
  await page.getByRole('table', { name: new RegExp(`on ${backend}$`) }).waitFor()
  await button.waitFor()
  return rowsOf(page)
}

async function rowsOf(page: Page): Promise<{ name: string; cells: string[] }[]> {
  const rows = await page.getByRole('row').all()
  const bodies = rows.slice(1).map(async (row) => ({
    name: (await row.getByRole('rowheader').textContent()) ?? '',
    cells: await row.getByRole('cell').allInnerTexts(),
  }))
  return Promise.all(bodies)
}

/** A time as it is shown, in milliseconds. */
function milliseconds(text = ''): number {
  const [value, unit = ''] = text.split(' ')
  return Number(value) * ({ µs: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN)
}

const sourceOf = (page: Page) => page.getByRole('textbox', { name: /^Source of kernel/ })

describeInChromium('the Kernels view', () => {
  test('shows the kernels of a training step on wasm with time, bytes and source', async () => {
    const page = await openView({ view: 'kernels' })
    await inspect(page, 'kernels-before')
    const rows = await measure(page, 'wasm', 'Training step')
    expect(rows.length).toBeGreaterThan(5)
    for (const { cells } of rows) {
      const [time, bytes, operations] = cells
      expect(milliseconds(time)).toBeGreaterThan(0)
      expect(bytes).toMatch(/^[\d.]+ [kM]?B$/)
      expect(operations).toMatch(/^[\d.]+( [kM])?$/)
    }
    const times = rows.map(({ cells }) => milliseconds(cells[0]))
    expect(times).toEqual(times.toSorted((a, b) => b - a))

    await page
      .getByRole('button', { name: /^\d+\. .*matmul.*\[128\] by \[256\] over \[784\]/ })
      .click()
    await expect.poll(() => sourceOf(page).inputValue(), patience).toMatch(/^\(module[\s\S]*f32x4/)
    await inspect(page, 'kernels')
    await page.getByRole('radio', { name: 'Loops' }).check({ force: true })
    expect(await sourceOf(page).inputValue()).toContain('m [i0 < 128], n [i1 < 256], k [i2 < 784]')

    await page.getByRole('button', { name: 'Bytes' }).click()
    expect(await page.getByRole('columnheader', { name: 'Bytes' }).getAttribute('aria-sort')).toBe(
      'descending',
    )
    await page.getByRole('button', { name: 'Kernel', exact: true }).click()
    const names = (await rowsOf(page)).map(({ name }) => Number.parseInt(name, 10))
    expect(names).toEqual(rows.map((_, i) => i + 1))
  })

  test('shows what the cpu backend walks, and the model that Train has chosen', async () => {
    const page = await openView({ view: 'train' })
    await page.getByRole('radio', { name: 'Conv net' }).check({ force: true })
    await page.getByRole('tab', { name: 'Kernels' }).click()
    const rows = await measure(page, 'cpu', 'Prediction')
    expect(rows.some(({ name }) => name.includes('conv'))).toBe(true)
    await page.getByText('The cpu backend makes no code').waitFor()
    expect(await sourceOf(page).inputValue()).toMatch(/^1\. \w+: /)
  })

  test('shows WGSL on webgpu', async () => {
    const page = await openView({ view: 'kernels' })
    await measure(page, 'webgpu', 'Prediction')
    await expect.poll(() => sourceOf(page).inputValue(), patience).toContain('@compute')
  })

  test('can be cancelled, and keeps what was measured before', async () => {
    const page = await openView({ view: 'kernels' })
    const rows = await measure(page, 'wasm', 'Prediction')
    await useBackend(page, 'cpu')
    await page.getByLabel('Plan').selectOption('GAN: discriminator step')
    await pressInPage(page, [
      { button: 'Measure on cpu' },
      { button: 'Cancel', status: 'Measuring: ' },
    ])
    await page.getByRole('button', { name: 'Measure on cpu' }).waitFor()
    expect(await rowsOf(page)).toEqual(rows)
  })
})
