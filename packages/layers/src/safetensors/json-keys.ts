import { quote, SafetensorsError } from './safetensors-error.ts'

/** Stays empty: what follows a string in an array is never a colon. */
const keysOfArray = new Set<string>()

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
  let position = 0
  while (position < json.length) {
    const character = json[position]
    if (character === '"') {
      const end = endOfString(json, position)
      if (isFollowedByColon(json, end)) addKey(open.at(-1), unescapeString(json, position, end))
      position = end
      continue
    }
    if (character === '{') open.push(open.length === 0 ? outermost : new Set())
    else if (character === '[') open.push(keysOfArray)
    else if (character === '}' || character === ']') open.pop()
    position++
  }
  return [...outermost]
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (keys?.has(key)) throw new SafetensorsError(`The header names ${quote(key)} twice.`)
  keys?.add(key)
}

/** Index just after the closing quote of the string that starts at `start`. */
function endOfString(json: string, start: number): number {
  let position = start + 1
  while (position < json.length && json[position] !== '"') {
    position += json[position] === '\\' ? 2 : 1
  }
  return position + 1
}

/** Outside a string, JSON has a colon after a key and nowhere else. */
function isFollowedByColon(json: string, start: number): boolean {
  let position = start
  while (' \t\n\r'.includes(json[position] ?? ':')) position++
  return json[position] === ':'
}

function unescapeString(json: string, start: number, end: number): string {
  return String(JSON.parse(json.slice(start, end)))
}
