import type { Plugin } from 'vite'

const declarations = /^ *(?:var _scriptDir = |if \(typeof __filename).*$/gm

/**
 * The threads of TensorFlow.js run the text of a function, which asks whether there is a variable
 * `_scriptDir`. Around it there is one, so that minifiers drop the question, and the threads, where
 * there is none, would break. Without that variable the question stays.
 */
export function tfjsThreads(): Plugin {
  return {
    name: 'tfjs-threads',
    transform: {
      filter: { id: /tfjs-backend-wasm-threaded-simd\.js$/ },
      handler(code) {
        const count = code.match(declarations)?.length
        if (count !== 2) throw new Error(`tfjs-threads: ${count} declarations of _scriptDir, not 2`)
        return { code: code.replace(declarations, ''), map: null }
      },
    },
  }
}
