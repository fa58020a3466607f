import { quote, SafetensorsError } from './safetensors-error.ts'

/**
 * The keys of the outermost object of `json`, in the order in which they are written.
 *
 * `JSON.parse` loses two things: of a key that comes twice it keeps the last value only, and it
 * moves keys such as `"10"` to the front. So the text is walked once more, for its keys alone.
 *
 * @param json Valid JSON, an object.
 * @throws SafetensorsError where any object, at any depth, has the same key twice.
 */
export function readKeys(json: string): string[] {
  const outermost = new Set<string>()
  const open: Set<string>[] = []
  let start = -1
  let last = ''
  for (const { 0: token, index } of json.matchAll(/\\.|["{}[\]:]/g)) {
    if (start >= 0) {
      if (token !== '"') continue
      last = json.slice(start, index + 1)
      start = -1
    } else if (token === '"') start = index
    // Outside a string there is a colon after a key and nowhere else.
    else if (token === ':') addKey(open.at(-1), String(JSON.parse(last)))
    else if ('}]'.includes(token)) open.pop()
    else open.push(open.length === 0 ? outermost : new Set())
  }
  return [...outermost]
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (keys?.has(key)) throw new SafetensorsError(`The header names ${quote(key)} twice.`)
  keys?.add(key)
}
