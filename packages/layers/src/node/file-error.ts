type Action = 'read' | 'write'

/** A file that cannot be read or written. The message is one line with its path and the reason. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly path: string

  constructor(action: Action, path: string, reason: string, options?: { cause: unknown }) {
    super(`Cannot ${action} ${path}: ${reason}.`, options)
    this.path = path
  }
}

/** The error of a file operation as a FileError, in words where its code is a common one. */
export function toFileError(action: Action, path: string, error: unknown): FileError {
  if (error instanceof FileError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new FileError(action, path, reasons(action)[codeOf(error)] ?? message, { cause: error })
}

/** The operating system's code of an error, such as `ENOENT`, or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function reasons(action: Action): Readonly<Record<string, string>> {
  return {
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'the name is too long',
    ENOENT: action === 'read' ? 'it does not exist' : 'its folder does not exist',
    ENOSPC: 'no space left on the device',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
  }
}
