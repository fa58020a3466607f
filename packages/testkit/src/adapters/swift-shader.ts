import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const executables = [
  '/usr/lib/chromium/chromium',
  '/usr/bin/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
]
const vulkanLoaders = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '../lib64', '.'].map((folder) =>
  join('/usr/lib', folder, 'libvulkan.so.1'),
)

/** A Chromium with SwiftShader, a GPU in software, beside it. */
export interface Chromium {
  readonly executable: string
  /** SwiftShader's manifest for the Vulkan loader. */
  readonly vulkanDriver: string
}

/** The system's Chromium, if everything is there that WebGPU tests need. */
export const chromium: Chromium | undefined = findChromium()

function findChromium(): Chromium | undefined {
  const executable = executables.find((path) => existsSync(path) && existsSync(driverOf(path)))
  const hasLoader = vulkanLoaders.some((path) => existsSync(path))
  if (executable === undefined || !hasLoader) return undefined
  return { executable, vulkanDriver: driverOf(executable) }
}

function driverOf(executable: string): string {
  return join(dirname(executable), 'vk_swiftshader_icd.json')
}

/**
 * Lets WebGPU in Node compute on SwiftShader, before the package `webgpu` is first imported; where
 * that is missing it says what is skipped and how to get it.
 *
 * @param what Tests that need it.
 * @returns Whether it is there.
 * @example
 * ```ts no-run
 * import { useSwiftShader } from '@tensorweft/testkit/swift-shader'
 *
 * if (useSwiftShader('my kernels')) console.log('on to WebGPU')
 * ```
 */
export function useSwiftShader(what: string): boolean {
  if (chromium === undefined) {
    console.warn(`Skipped: ${what} on WebGPU. Get it with: apt-get install chromium libvulkan1`)
    return false
  }
  process.env.VK_ICD_FILENAMES = chromium.vulkanDriver
  process.env.XDG_RUNTIME_DIR ??= mkdtempSync(join(tmpdir(), 'tensorweft-'))
  return true
}
