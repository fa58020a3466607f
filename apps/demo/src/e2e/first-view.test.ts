import { gzipSync } from 'node:zlib'
import type { Response } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInChromium, openView, patience } from './browser.testing.ts'
import { inspect } from './inspect.testing.ts'

const limitKilobytes = 250

describeInChromium('the first view', () => {
  test(`takes at most ${limitKilobytes} KB, compressed`, async () => {
    const responses: Response[] = []
    const onResponse = (response: Response) => responses.push(response)
    const page = await openView({ view: 'train', onResponse })
    await page.getByRole('button', { name: 'Start' }).waitFor()
    await page.waitForLoadState('networkidle')
    const sizes = await Promise.all(
      responses.map(async (response) => {
        const { pathname } = new URL(response.url())
        return [pathname, gzipSync(await response.body()).length] as const
      }),
    )
    const total = sizes.reduce((sum, [, size]) => sum + size, 0)
    expect(total / 1000, JSON.stringify(sizes)).toBeLessThanOrEqual(limitKilobytes)
  })

  test('can be used in light and dark, wide and narrow, before anything has run', async () => {
    await inspect(await openView({ view: 'train' }), 'train-before')
  })

  test('changes with arrow keys, and its theme with a button', async () => {
    const page = await openView({ view: 'train' })
    const selected = (name: string) => page.getByRole('tab', { name, selected: true })
    await selected('Train').press('ArrowRight')
    await selected('Draw').press('End')
    await selected('Race').press('ArrowRight')
    await selected('Train').press('ArrowLeft')
    await selected('Race').waitFor()
    await expect.poll(() => new URL(page.url()).hash, patience).toBe('#race')
    await page.getByRole('button', { name: 'Theme: system' }).click()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await background()).toBe('rgb(18, 19, 22)')
    await page.reload()
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor()
    expect(await background()).toBe('rgb(18, 19, 22)')
  })
})
