// What the npm scripts share. Plain JavaScript, because it runs on the machine's own Node (20 or
// later) before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const { packageManager } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)

const environment = {
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  // The tools run on their own Node, but the packages must also run on the one of the machine.
  TENSORWEFT_HOST_NODE: process.env.npm_node_execpath ?? process.execPath,
}

/** @param {string} message */
export const say = (message) => console.log(`\n▸ ${message}`)

/**
 * Runs a command in the workspace root and ends this program with its exit code when it fails.
 * @param {string} command
 * @param {string[]} args
 */
export function run(command, args) {
  const onWindows = process.platform === 'win32'
  const { error, signal, status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: onWindows,
    env: { ...process.env, ...environment },
  })
  if (error) throw error
  if (signal) process.kill(process.pid, signal)
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * Runs pnpm in the version that package.json names; npx fetches it where it is missing.
 * @param {string[]} args
 */
export const pnpm = (...args) => run('npx', ['--yes', packageManager, ...args])

// The lockfile fixes versions and their hashes. How old a version must be counts when somebody
// changes it, which is done by hand; asking again here takes a minute and 72 MB.
const everything = ['install', '--frozen-lockfile', '--config.minimumReleaseAge=0']

/** Installs the whole workspace with its tools. */
export function install() {
  say('Installing the workspace')
  pnpm(...everything)
}

/**
 * Installs what an app and the packages that it uses need.
 * @param {string} app
 */
export function installFor(app) {
  say(`Installing what ${app} needs`)
  // The root's tools are in every installation that does not leave devDependencies out. Where they
  // are installed already they stay.
  const hasTools = existsSync(`${root}node_modules/.bin`)
  pnpm(...everything, ...(hasTools ? [] : ['--prod', '--filter', `${app}...`]))
}

/**
 * Compiles an app and the packages that it uses.
 * @param {string} folder of the app, relative to the workspace root
 */
export function build(folder) {
  say(`Building ${folder}`)
  run(process.execPath, [`${folder}/node_modules/typescript/bin/tsc`, '--build', folder])
}
