import axeCore, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { artefact } from './browser.testing.ts'

/** With axe for both colour schemes and both layouts. */
const appearances = [
  { name: 'light', width: 1280, height: 900, colorScheme: 'light', axe: true },
  { name: 'dark', width: 1280, height: 900, colorScheme: 'dark', axe: false },
  { name: 'wide', width: 1920, height: 1080, colorScheme: 'light', axe: false },
  { name: 'phone', width: 360, height: 740, colorScheme: 'dark', axe: true },
] as const

/**
 * Looks at what is shown now, in light and dark, wide and on a phone: axe finds nothing to object to,
 * nothing is wider than the screen. Leaves a picture of each.
 */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.evaluate(axeCore.source)
  for (const { name: appearance, width, height, colorScheme, axe } of appearances) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(100)
    await endTransitions(page)
    await page.screenshot({ path: artefact(`${name}-${appearance}.png`), fullPage: true })
    if (axe) expect(await violations(page), `axe: ${name}, ${appearance}`).toEqual([])
    const widest = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(widest, `width: ${name}, ${appearance}`).toBeLessThanOrEqual(width)
  }
}

/** Colours that are still changing have no contrast of their own, and what has begun goes on. */
function endTransitions(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish()
  })
}

async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate<AxeResults>('axe.run()')
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  )
}
