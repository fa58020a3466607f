import { defineConfig } from 'vite'
import { mnistAssets } from './build/mnist-assets.ts'
import { tfjsThreads } from './build/tfjs-threads.ts'

/** With these headers the page is cross-origin isolated, and WebAssembly may use several threads. */
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

// Most of a build is that of the workers, which its report does not take into account.
const rolldownOptions = { checks: { pluginTimings: false } }

/** Only workers need them, and late: found then, they would make the page load again. */
const include = [
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients.js',
  'wabt',
]

export default defineConfig({
  plugins: [mnistAssets()],
  // Straight from the sources of the packages, without building them first.
  resolve: { conditions: ['@tensorweft/source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es', plugins: () => [tfjsThreads()], rolldownOptions },
  optimizeDeps: { include },
  server: { headers, watch: { ignored: ['**/.cache/**'] } },
  preview: { headers },
  build: { target: 'es2023', rolldownOptions },
})
