import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from '@tensorweft/testkit/swift-shader'
import { type Browser, chromium as driver, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceOf, PageReport } from './smoke/page.testing.ts'
import { smokeCases } from './smoke/smoke-cases.testing.ts'

const browserArguments = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
]

/** The page's program in one file, from the sources of all packages. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('smoke/page.testing.ts', import.meta.url))
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['@tensorweft/source'] },
    build: {
      write: false,
      minify: false,
      // The page is to run what Node runs, whatever a package says of its side effects.
      rolldownOptions: { treeshake: false },
      lib: { entry, formats: ['es'], fileName: 'page' },
    },
  })
  const [output] = [result].flat()
  if (output === undefined || !('output' in output)) throw new Error('vite gave no bundle')
  return output.output[0].code
}

/** WebGPU exists only on pages from https or localhost. */
async function serve(code: string): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? code : '<!doctype html><script type="module" src="/page.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

describe.skipIf(chromium === undefined)('in Chromium', () => {
  let server: Server
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    server = await serve(await bundle())
    const executablePath = chromium?.executable ?? ''
    browser = await driver.launch({ executablePath, args: browserArguments, timeout: 120_000 })
    page = await browser.newPage()
    page.setDefaultTimeout(120_000)
    const { port } = server.address() as AddressInfo
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.waitForFunction('globalThis.checkHere !== undefined')
  })

  afterAll(async () => {
    await browser.close()
    server.close()
  })

  test.each<[where: string, call: string, deviceOf: DeviceOf]>([
    ['on a page', 'checkHere', 'backend'],
    ['on a page, on a device of its own', 'checkHere', 'caller'],
    ['in a worker', 'checkInWorker', 'backend'],
    ['in a worker, on a device of its own', 'checkInWorker', 'caller'],
  ])('every kind of kernel computes what cpu does %s', async (_, call, deviceOf) => {
    const report = await page.evaluate<PageReport>(`${call}('${deviceOf}')`)
    expect(report.failed).toEqual([])
    expect(report.passed).toEqual([...smokeCases.map(({ name }) => name), 'random kernels'])
    expect(report.isWorker).toBe(call === 'checkInWorker')
    expect(report.lost).toMatch(
      deviceOf === 'caller' ? /device that was lost \(destroyed\)/ : /^nothing$/,
    )
  })
})
