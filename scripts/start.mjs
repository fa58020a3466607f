// npm start: installs and builds the examples and nothing else, then runs the MNIST program.
import { pathToFileURL } from 'node:url'
import { build, installFor, root, say } from './workspace.mjs'

const program = `${root}apps/examples/dist/mnist-mlp.js`

installFor('@tensorweft/examples')
build('apps/examples')
say('Training on MNIST\n')

// Runs in this process, so that Ctrl-C and the exit code are the program's own.
process.argv.splice(1, 1, program)
await import(pathToFileURL(program).href)
