/** Goes on with a value that is there, or once it is; `failed` is told of a promise that rejects. */
export function afterwards<T>(
  first: T | Promise<T>,
  next: (value: T) => void | Promise<void>,
  failed?: (error: unknown) => void,
): void | Promise<void> {
  return first instanceof Promise ? first.then(next, failed) : next(first)
}
