import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from '@tensorweft/testkit/swift-shader'
import { chromium as driver } from 'playwright-core'
import { build } from 'vite'
import { describe, expect, test } from 'vitest'
import type { PageReport } from './testing/browser-page.testing.ts'

const browserArguments = [
  '--no-sandbox',
  '--disable-background-networking',
  '--no-first-run',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
]

/** The page's program in one file, from the sources of all packages. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('testing/browser-page.testing.ts', import.meta.url))
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

async function reportOf(executable: string, url: string): Promise<PageReport> {
  const browser = await driver.launch({ executablePath: executable, args: browserArguments })
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.waitForFunction('globalThis.checkInPage !== undefined')
    return await page.evaluate<PageReport>('checkInPage()')
  } finally {
    await browser.close()
  }
}

describe.skipIf(chromium === undefined)('in Chromium', () => {
  test('every kind of kernel computes what cpu does', async () => {
    const server = await serve(await bundle())
    try {
      const { port } = server.address() as AddressInfo
      const report = await reportOf(chromium?.executable ?? '', `http://127.0.0.1:${port}/`)
      expect(report.wrong).toEqual([])
      expect([...report.kinds].sort()).toEqual(['contract', 'map', 'reduce', 'row'])
    } finally {
      server.close()
    }
  })
})
