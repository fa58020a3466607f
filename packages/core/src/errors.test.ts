import { describe, expect, test } from 'vitest'
import {
  ArgumentError,
  BackendError,
  DisposedError,
  DTypeError,
  GradientError,
  OutOfMemoryError,
  ShapeError,
  TensorweftError,
  TraceError,
} from './errors.ts'

describe('the message', () => {
  test('names the op, what it got, what it wanted, and the hint on a line of its own', () => {
    const error = new ShapeError('matmul', {
      got: 'a is [2, 3] and b is [4, 5]',
      wanted: 'equal inner sizes',
      hint: 'transpose b',
    })
    expect(error.message).toBe(
      'matmul: a is [2, 3] and b is [4, 5]; wanted equal inner sizes.\n  Hint: transpose b',
    )
    expect(String(error)).toBe(`ShapeError: ${error.message}`)
  })

  test('leaves out what is not known', () => {
    expect(new ShapeError('sum', { got: 'axis 2' }).message).toBe('sum: axis 2.')
    expect(new ShapeError('sum', { wanted: 'an axis' }).message).toBe('sum: wanted an axis.')
    expect(new ShapeError('sum', { hint: 'try 0' }).message).toBe('sum: .\n  Hint: try 0')
  })

  test('keeps the facts apart, and the cause', () => {
    const cause = new Error('device lost')
    const error = new BackendError('run', { got: 'g', wanted: 'w', hint: 'h', cause })
    expect(error).toMatchObject({ op: 'run', got: 'g', wanted: 'w', hint: 'h', cause })
    expect(new BackendError('run', {})).not.toHaveProperty('cause')
  })
})

test('each error has a name of its own and one base class', () => {
  const classes = {
    ShapeError,
    DTypeError,
    ArgumentError,
    BackendError,
    OutOfMemoryError,
    DisposedError,
    GradientError,
    TraceError,
  }
  for (const [name, Class] of Object.entries(classes)) {
    const error = new Class('op', { got: 'x' })
    expect(error.name).toBe(name)
    expect(error).toBeInstanceOf(TensorweftError)
    expect(error).toBeInstanceOf(Error)
    expect(error.stack).toContain('errors.test.ts')
  }
})
