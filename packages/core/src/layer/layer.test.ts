import { describe, expect, test } from 'vitest'
import {
  type Key,
  key,
  Layer,
  LayerError,
  Parameter,
  type ParameterTree,
  type Shape,
  type Tensor,
  TensorweftError,
  zeros,
} from '../index.ts'

/** A layer with one parameter of its own and one value that it carries along. */
class Counted extends Layer {
  readonly scale = new Parameter(zeros([]), { name: 'scale' })
  readonly calls = new Parameter(zeros([]), { name: 'calls', trainable: false })

  override build(inputShape: Shape, _key: Key): Shape {
    return inputShape
  }

  override call(x: Tensor): Tensor {
    return x.mul(this.scale.value)
  }

  override get parameters(): ParameterTree {
    return { scale: this.scale }
  }

  override get state(): ParameterTree {
    return { calls: this.calls }
  }
}

class Pair extends Layer {
  readonly layers = [new Counted(), new Counted()]

  override build(inputShape: Shape, from: Key): Shape {
    return this.layers.reduce((shape, layer) => layer.build(shape, from), inputShape)
  }

  override call(x: Tensor): Tensor {
    return this.layers.reduce((y, layer) => layer.apply(y), x)
  }

  override get parameters(): ParameterTree {
    return Object.fromEntries(this.layers.map((layer, i) => [`layer${i}`, layer.parameters]))
  }

  override get state(): ParameterTree {
    return Object.fromEntries(this.layers.map((layer, i) => [`layer${i}`, layer.state]))
  }
}

describe('a layer', () => {
  test('has nothing where a subclass says nothing', () => {
    class Same extends Layer {
      override build(inputShape: Shape): Shape {
        return inputShape
      }
      override call(x: Tensor): Tensor {
        return x
      }
    }
    const { parameters, state, variables, config } = new Same()
    expect([parameters, state, variables, config]).toEqual([{}, {}, {}, {}])
  })

  test('has parameters and state together as variables, merged by name', () => {
    const pair = new Pair()
    const [a, b] = pair.layers
    expect(pair.variables).toEqual({
      layer0: { scale: a?.scale, calls: a?.calls },
      layer1: { scale: b?.scale, calls: b?.calls },
    })
    expect(pair.parameters).toEqual({ layer0: { scale: a?.scale }, layer1: { scale: b?.scale } })
  })

  test('is applied to a batch', () => {
    const pair = new Pair()
    expect(pair.build([3], key(1))).toEqual([3])
    expect(pair.apply(zeros([2, 3])).shape).toEqual([2, 3])
  })
})

test('LayerError is one of the errors of the framework', () => {
  const error = new LayerError('dense', { got: 'no weights', hint: 'build it' })
  expect(error).toBeInstanceOf(TensorweftError)
  expect(String(error)).toBe('LayerError: dense: no weights.\n  Hint: build it')
})
