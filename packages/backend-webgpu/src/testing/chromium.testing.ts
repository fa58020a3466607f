import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const executables = [
  '/usr/lib/chromium/chromium',
  '/usr/bin/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
]
const vulkanLoaders = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib/aarch64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/libvulkan.so.1',
]

/** A Chromium with SwiftShader, a GPU in software, beside it. */
export interface Chromium {
  readonly executable: string
  /** SwiftShader's manifest for the Vulkan loader. */
  readonly vulkanDriver: string
}

/** The system's Chromium, if everything is there that the tests need. */
function findChromium(): Chromium | undefined {
  const executable = executables.find((path) => {
    return existsSync(path) && existsSync(driverOf(path))
  })
  if (executable === undefined || !vulkanLoaders.some((path) => existsSync(path))) return undefined
  return { executable, vulkanDriver: driverOf(executable) }
}

function driverOf(executable: string): string {
  return join(dirname(executable), 'vk_swiftshader_icd.json')
}

export const chromium = findChromium()

/** Lets Dawn find SwiftShader; must run before the package `webgpu` is imported. */
export function useSwiftShader(): void {
  if (chromium === undefined) return
  process.env.VK_ICD_FILENAMES = chromium.vulkanDriver
  process.env.XDG_RUNTIME_DIR ??= mkdtempSync(join(tmpdir(), 'tensorweft-'))
}
