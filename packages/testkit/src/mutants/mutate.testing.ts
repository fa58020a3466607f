import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

// Loaded before a program (`node --import`): changes one line of one module as it is loaded.

interface Mutation {
  readonly file: string
  readonly from: string
  readonly to: string
}

const { file, from, to }: Mutation = JSON.parse(process.env.TENSORWEFT_MUTATION ?? '{}')

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith(file)) return nextLoad(url, context)
    const source = readFileSync(new URL(url), 'utf8')
    if (source.split(from).length !== 2) throw new Error(`${file} does not hold '${from}' once`)
    return { ...nextLoad(url, context), source: source.replace(from, () => to) }
  },
})
