/** A function of the library: its text, and the functions of the library that it calls. */
export interface WgslFunction {
  readonly calls: readonly string[]
  readonly text: string
}

/** Tags a function's text without the line breaks around it. */
export function wgsl(text: string, ...calls: readonly string[]): WgslFunction {
  return { calls, text: text.trim() }
}
