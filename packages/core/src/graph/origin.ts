// Errors are kept as they are: their stacks become text only when somebody wants to read one.
const stacks = new WeakMap<object, Error>()
const capture = { isOn: false }

/** Whether nodes remember where they were made. */
export function rememberOrigins(isOn: boolean): void {
  capture.isOn = isOn
}

export function originsAreRemembered(): boolean {
  return capture.isOn
}

/** Notes the place in the program that makes `node`, while that is wanted. */
export function noteOrigin(node: object): void {
  if (!capture.isOn) return
  // Ten calls, as is usual, do not always reach out of the framework.
  const engine: ErrorConstructor & { stackTraceLimit?: number } = Error
  const { stackTraceLimit } = engine
  engine.stackTraceLimit = 64
  stacks.set(node, new Error('made here'))
  if (stackTraceLimit !== undefined) engine.stackTraceLimit = stackTraceLimit
}

/** The line of the program that made a node, such as `train.ts:14:31`, if it was noted. */
export function originOf(node: object): string | undefined {
  const stack = stacks.get(node)?.stack
  return stack === undefined ? undefined : callerIn(stack)
}

/** The first place in a stack that is not inside of the framework. */
export function callerIn(stack: string): string | undefined {
  const places = placesIn(stack)
  const home = homeFolder()
  const isOurs = (place: string) =>
    place.startsWith('node:') ||
    /[\\/]@tensorweft[\\/]/.test(place) ||
    (home !== undefined && place.startsWith(home) && !/\.test\.[jt]s:/.test(place))
  return (places.find((place) => !isOurs(place)) ?? places[0])?.replace(/^file:\/\//, '')
}

/** How engines write a call and its `url:line:column`. */
const frames = [
  /^\s*at .*\((.+:\d+:\d+)\)$/,
  /^\s*at (?:async )?(.+:\d+:\d+)$/,
  /^[^@/]*@(.+:\d+:\d+)$/,
]

function placesIn(stack: string): string[] {
  return stack
    .split('\n')
    .flatMap((line) => frames.map((frame) => frame.exec(line)?.[1]).find(Boolean) ?? [])
}

/** The folder that core was loaded from; undefined in a bundle, where it has none of its own. */
function homeFolder(): string | undefined {
  const [here = ''] = placesIn(new Error('here').stack ?? '')
  return /^(.*[\\/])graph[\\/]origin\.[jt]s:/.exec(here)?.[1]
}

/** `error` with the line that made the first of `nodes` that has one. */
export function withOrigin(error: unknown, nodes: readonly object[]): unknown {
  const origin = nodes.map(originOf).find((place) => place !== undefined)
  const isTold = !(error instanceof Error) || error.message.includes(`made at ${origin}`)
  if (origin === undefined || isTold) return error
  error.message += `\n  For a tensor made at ${origin}`
  return error
}
