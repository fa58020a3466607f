import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, defaultServerConditions, type Plugin } from 'vite'
import { BenchError } from '../errors.ts'

/** The platform of this machine, as Dawn's binaries are called. */
export const thisPlatform: string =
  process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`

export interface PackOptions {
  /** Whose Dawn goes in, by default this machine's. */
  readonly platform?: string
  /** By which packages are found in their sources, in place of what is built of them. */
  readonly conditions?: readonly string[]
}

/**
 * Makes a folder that needs nothing but Node: `main.js` is the GPU benchmark with all that it
 * imports, and beside it lies Dawn for one platform.
 */
export async function pack(
  folder: string,
  { platform = thisPlatform, conditions = [] }: PackOptions = {},
): Promise<void> {
  const binaries = findDawn(platform)
  mkdirSync(folder, { recursive: true })
  await bundle(folder, conditions)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  for (const name of readdirSync(binaries)) copyFileSync(join(binaries, name), join(folder, name))
}

function findDawn(platform: string): string {
  const all = join(dirname(createRequire(import.meta.url).resolve('webgpu')), 'dist')
  if (!existsSync(join(all, platform, dawnBinary))) {
    throw new BenchError(`No Dawn for '${platform}'; there is ${readdirSync(all).join(', ')}.`)
  }
  return join(all, platform)
}

const dawnBinary = 'dawn.node'

async function bundle(folder: string, conditions: readonly string[]): Promise<void> {
  const entry = fileURLToPath(new URL(`../gpu${extname(import.meta.url)}`, import.meta.url))
  await build({
    configFile: false,
    root: dirname(entry),
    logLevel: 'warn',
    plugins: [dawnBeside()],
    ssr: {
      noExternal: true,
      target: 'node',
      resolve: { conditions: [...conditions, ...defaultServerConditions] },
    },
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: {
        // All in one folder, so that every chunk finds Dawn beside itself.
        output: { entryFileNames: 'main.js', chunkFileNames: '[name].js' },
      },
    },
  })
}

/** In place of the package `webgpu`, whose binaries it finds in itself, the binary beside the entry. */
function dawnBeside(): Plugin {
  const id = '\0dawn'
  return {
    name: 'dawn-beside',
    enforce: 'pre',
    resolveId: (source) => (source === 'webgpu' ? id : undefined),
    load: (wanted) => (wanted === id ? dawnModule : undefined),
  }
}

const dawnModule = `
import { createRequire } from 'node:module'
export const { create, globals } = createRequire(import.meta.url)('./${dawnBinary}')
`
