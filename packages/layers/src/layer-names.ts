import { ArgumentError, type Layer } from '@tensorweft/core'

/**
 * A name for each layer of a model: the one it was given, or its type with a number from the second
 * on: `dense`, `dense_1`. Names come from the layers' config, as those of classes do not survive a
 * minifier.
 *
 * @throws ArgumentError for two layers of one given name, or one with a dot, which separates the
 * levels of a tree.
 */
export function layerNames(op: string, layers: readonly Layer[]): string[] {
  const given = layers.flatMap(({ config: { name } }) => (typeof name === 'string' ? [name] : []))
  const taken = new Set<string>()
  for (const name of given) {
    const isTaken = taken.has(name)
    if (isTaken || name === '' || name.includes('.')) {
      throw new ArgumentError(op, {
        got: `${isTaken ? 'two layers' : 'a layer'} with the name '${name}'`,
        wanted: 'names that differ, without dots',
      })
    }
    taken.add(name)
  }
  return layers.map(({ config: { name, type } }) => {
    if (typeof name === 'string') return name
    const free = freeName(String(type ?? 'layer'), taken)
    taken.add(free)
    return free
  })
}

function freeName(type: string, taken: ReadonlySet<string>): string {
  let name = type
  for (let i = 1; taken.has(name); i++) name = `${type}_${i}`
  return name
}
