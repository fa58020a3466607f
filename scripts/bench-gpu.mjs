// npm run bench:gpu: installs and builds the benchmarks and their peers, then runs those of the GPU on
// Node 24; with --pack FOLDER it makes a folder of them that needs nothing but Node.
import { build, install, root, run } from './workspace.mjs'

install()
build('apps/bench')
const [first = '', ...others] = process.argv.slice(2)
const [program, args] =
  first === '--pack' ? ['pack/main.js', others] : ['gpu.js', process.argv.slice(2)]
run(`${root}node_modules/.bin/node`, [`apps/bench/dist/${program}`, ...args])
