// The ```ts blocks of README files and docstrings, and what makes programs of them.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Example {
  readonly path: string
  /** Of the first line of code, counted from 1. */
  readonly line: number
  readonly code: string
  /** Not marked `no-run`. */
  readonly runs: boolean
  readonly inDocstring: boolean
}

export function examplesOf(path: string): Example[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  const inDocstring = path.endsWith('.ts')
  // A block outside of a comment is no documentation: only its fence would look like one.
  const text = inDocstring
    ? lines.map((line) => (/^\s*\*/.test(line) ? line.replace(/^\s*\* ?/, '') : ''))
    : lines
  return text.flatMap((fence, start) => {
    const opening = /^\s*```ts( no-run)?$/.exec(fence)
    if (!opening) return []
    const rest = text.slice(start + 1)
    const code = rest
      .slice(
        0,
        rest.findIndex((line) => line.trim() === '```'),
      )
      .join('\n')
    return [{ path, line: start + 2, code, runs: !opening[1], inDocstring }]
  })
}

/** Where an `@example` has no fenced block: nobody would notice when it no longer works. */
export function unfencedExamples(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/@example(?!\s*\n\s*\* ```ts( no-run)?\n)/g)].map(
    ({ index }) => `${path}:${text.slice(0, index).split('\n').length}: @example without \`\`\`ts`,
  )
}

/** The names, of values and of types, that a declaration file exports. */
export function exportedNames(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  const declared = text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:const|function|class|interface|type) (\w+)/gm,
  )
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\w+)\s*(?:,|$)/g)].map(([, name = '']) => name),
  )
  const passedOn = [...text.matchAll(/^export \* from '(.+)\.[jt]s'/gm)].flatMap(
    ([, module = '']) => exportedNames(join(dirname(path), `${module}.d.ts`)),
  )
  return [...[...declared].map(([, name = '']) => name), ...listed, ...passedOn]
}

/**
 * A module whose line numbers are those of the documentation.
 * `names` are the names that each module exports; a docstring may leave out their imports. It has a
 * backend in any case.
 */
export function toModule(example: Example, names: ReadonlyMap<string, readonly string[]>): string {
  const isComplete = !example.inDocstring || /^import /m.test(example.code)
  const imports = isComplete ? '' : impliedImports(example.code, names)
  const backend = example.inDocstring ? "import '#backend'; " : ''
  const firstLine = `import { expectValue } from '#expect'; ${backend}${imports}`
  const code = withExpectations(example.code)
  return `${'\n'.repeat(example.line - 2)}${firstLine}\n${code}\nexport { expectValue }\n`
}

function impliedImports(code: string, names: ReadonlyMap<string, readonly string[]>): string {
  const words = new Set(code.match(/[A-Za-z]\w*/g))
  const imports = [...names].map(([specifier, exported]) => {
    const used = exported.filter((name) => words.delete(name))
    return used.length > 0 ? `import { ${used.join(', ')} } from '${specifier}'; ` : ''
  })
  return imports.join('')
}

/** Turns `await x.array() // [1, 2]` and `console.log(await …) // 3` into comparisons. */
const withExpectations = (code: string) =>
  code
    .replace(/^console\.log\((await .+)\) +\/\/ (-?\d[\d.e-]*|\[.*\])$/gm, 'expectValue($1, $2)')
    .replace(/^(await .+?) +\/\/ (-?\d[\d.e-]*|\[.*\])$/gm, 'expectValue($1, $2)')
