/** A value as a type that it does not have, to show what a program in JavaScript would see. */
export function wrong<T>(value: unknown): T {
  return value as T
}
