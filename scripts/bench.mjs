// npm run bench: installs and builds the benchmarks and their peers, then runs them on Node 24.
import { build, install, root, run } from './workspace.mjs'

install()
build('apps/bench')
run(`${root}node_modules/.bin/node`, ['apps/bench/dist/main.js', ...process.argv.slice(2)])
