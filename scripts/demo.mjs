// npm run demo -- [options of vite preview]: installs, builds the demo and serves it until Ctrl-C.
import { install, root, run, say } from './workspace.mjs'

const vite = (/** @type {string[]} */ ...args) =>
  run(`${root}node_modules/.bin/node`, ['apps/demo/node_modules/vite/bin/vite.js', ...args])

install()
say('Building apps/demo')
vite('build', 'apps/demo', '--logLevel', 'error')
say('Serving the demo: open the address in a browser')
vite('preview', 'apps/demo', ...process.argv.slice(2))
