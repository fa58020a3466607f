// Installs the workspace, then runs one of its tools: node scripts/tools.mjs <tool> [...arguments].
// pnpm puts the tools and the Node that they need in front of the search path.
import { install, pnpm } from './workspace.mjs'

install()
pnpm('exec', ...process.argv.slice(2))
