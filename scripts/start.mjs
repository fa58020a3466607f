// npm start -- [program] [options]: installs and builds the examples and nothing else, then runs
// one of them, by default the first.
import { pathToFileURL } from 'node:url'
import { build, installFor, root, say } from './workspace.mjs'

const programs = ['mnist-mlp', 'mnist-cnn', 'gan-rings', 'gan-mnist']

const [node = '', , ...args] = process.argv
const [first = '-'] = args
const name = first.startsWith('-') ? programs[0] : args.shift()
if (!programs.some((program) => program === name)) {
  console.error(`error: no program '${name}'; there are ${programs.join(', ')}`)
  process.exit(1)
}

installFor('@tensorweft/examples')
build('apps/examples')
say(`Training on MNIST: ${name}\n`)

// Runs in this process, so that Ctrl-C and the exit code are the program's own.
const path = `${root}apps/examples/dist/${name}.js`
process.argv = [node, path, ...args]
await import(pathToFileURL(path).href)
