import { compile, type DType, float16Bits, type ParameterTree, type Tensor } from '@tensorweft/core'
import { repeatedName } from '../repeated-name.ts'
import type { SafetensorsTensor } from '../safetensors/index.ts'
import { type NamedParameter, namedParameters } from './named-parameters.ts'
import { WeightsError } from './weights-error.ts'

/** Copies, because handles on the values would keep the next step from updating in place. */
export function copyValues(named: readonly NamedParameter[]): readonly Tensor<DType>[] {
  return compile(() => named.map(({ parameter }) => parameter.value))()
}

/**
 * The values of one moment by name, though steps may follow before they are read.
 *
 * @throws WeightsError for two of one name.
 */
export async function readParameters(tree: ParameterTree): Promise<Map<string, SafetensorsTensor>> {
  const named = namedParameters(tree)
  const repeated = repeatedName(named.map(({ name }) => name))
  if (repeated !== undefined) {
    throw new WeightsError('weights', {
      got: `the name '${repeated}' twice`,
      wanted: 'names that differ, without dots',
    })
  }
  const entries = copyValues(named).map(async (copy, i) => {
    const { dtype, shape } = copy
    const values = await copy.data()
    const data = dtype === 'float16' ? Uint16Array.from(values, float16Bits) : values
    copy.dispose()
    return [named[i]?.name ?? '', { dtype, shape, data } as SafetensorsTensor] as const
  })
  return new Map(await Promise.all(entries))
}
