// Packs every package as it would be published, checks the archives, and installs them into
// .cache/consumer, where the examples of the documentation are compiled and run against them.
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const consumer = resolve('.cache/consumer')

/** The archive of one package, made by the same code that publishes it. */
function pack(folder: string): string {
  const archive = resolve('.cache/packages', `${basename(folder)}.tgz`)
  execFileSync('pnpm', ['--dir', folder, 'pack', '--out', archive], { stdio: 'pipe' })
  return archive
}

/** Whether the archive pleases publint (the manifest) and attw (the types, in every resolution). */
function lint(archive: string): boolean {
  const linters = [
    ['publint', 'run', archive, '--strict'],
    ['attw', archive, '--profile', 'esm-only', '--no-definitely-typed'],
  ]
  return linters.every(([command = '', ...args]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    if (status !== 0) console.log(`${command} ${archive}\n${stdout}${stderr}`)
    return status === 0
  })
}

/** Unpacks an archive into the consumer, with links to the other packages that it depends on. */
function unpack(folder: string, archive: string) {
  const { name, dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const target = join(consumer, 'node_modules', name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', archive, '-C', target, '--strip-components=1'])
  for (const dependency of Object.keys(dependencies)) {
    if (dependency.startsWith('@tensorweft/')) continue
    const link = join(consumer, 'node_modules', dependency)
    mkdirSync(dirname(link), { recursive: true })
    rmSync(link, { force: true })
    symlinkSync(resolve(folder, 'node_modules', dependency), link)
  }
}

rmSync(consumer, { recursive: true, force: true })
mkdirSync(consumer, { recursive: true })
mkdirSync('.cache/packages', { recursive: true })
writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }\n')

for (const manifest of globSync('packages/*/package.json')) {
  const folder = dirname(manifest)
  const archive = pack(folder)
  if (!lint(archive)) process.exitCode = 1
  unpack(folder, archive)
}
