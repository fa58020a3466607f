import {
  type CompiledFunction,
  compile,
  gradients,
  leavesOf,
  randomNormal,
  stack,
  stopGradient,
  Tensor,
  variance,
  zeros,
} from '@tensorweft/core'
import { gradientPenalty } from '../gradient-penalty.ts'
import type { GanState } from './gan-state.ts'

/**
 * A phase gives its loss, scalar, or, if the call asks for a report, all that `measuresOf` knows of.
 */
export type Phase<A extends readonly unknown[]> = CompiledFunction<
  [...A, isReported: boolean],
  Tensor
>

/**
 * An update of the discriminator by a batch of real samples [batch, …] and as many generated ones.
 * The two are applied apart, so that batch normalisation takes the statistics of each. Only a call that
 * reports has gradients outlive their use: in others the update may be fused with them.
 */
export function discriminatorPhase(state: GanState): Phase<[real: Tensor]> {
  const { generator, discriminator, objective, discriminatorOptimizer } = state
  return compile((real: Tensor, isReported: boolean) => {
    const [noiseKey, generatorKey, realKey, fakeKey, betweenKey, placeKey] = state.beginPhase()
    const noise = randomNormal(noiseKey, [real.shape[0] ?? 0, state.latentSize])
    const fake = stopGradient(generator.apply(noise, { training: true, key: generatorKey }))
    const onReal = discriminator.apply(real, { training: true, key: realKey })
    const onFake = discriminator.apply(fake, { training: true, key: fakeKey })
    const game = objective.realLoss(onReal).add(objective.fakeLoss(onFake))
    const { gradientPenalty: factor = 0 } = objective
    const critic = (x: Tensor) => discriminator.apply(x, { training: true, key: betweenKey })
    const slope = factor > 0 ? gradientPenalty(critic, real, fake, placeKey) : undefined
    const loss = slope === undefined ? game : game.add(slope.penalty.mul(factor))
    const slopes = gradients(loss, discriminator.parameters)
    discriminatorOptimizer.update(discriminator.parameters, slopes)
    if (!isReported) return loss
    const scores = [objective.score(onReal), objective.score(onFake)]
    const variances = [variance(real, 0).mean(), variance(fake, 0).mean()]
    const norms = slope === undefined ? [] : [slope.norm]
    return stack([loss, globalNorm(slopes), ...scores, ...variances, ...norms])
  })
}

/** An update of the generator, and of its averages, by `batch` samples. */
export function generatorPhase(state: GanState, batch: number): Phase<[]> {
  const { generator, discriminator, objective, generatorOptimizer, averages, stepCount } = state
  return compile((isReported: boolean) => {
    const [noiseKey, generatorKey, , fakeKey] = state.beginPhase()
    const noise = randomNormal(noiseKey, [batch, state.latentSize])
    const fake = generator.apply(noise, { training: true, key: generatorKey })
    const onFake = discriminator.apply(fake, { training: true, key: fakeKey })
    const loss = objective.generatorLoss(onFake)
    const slopes = gradients(loss, generator.parameters)
    generatorOptimizer.update(generator.parameters, slopes)
    averages?.update(stepCount.value)
    stepCount.assign(stepCount.value.add(1))
    return isReported ? stack([loss, globalNorm(slopes)]) : loss
  })
}

/** Samples [count, …] of noise [count, latentSize], by the generator or by its average. */
export function generation(
  state: GanState,
): CompiledFunction<[noise: Tensor, isAveraged: boolean], Tensor> {
  return compile((noise: Tensor, isAveraged: boolean) => {
    const apply = () => state.generator.apply(noise, { training: false })
    return isAveraged && state.averages !== undefined ? state.averages.within(apply) : apply()
  })
}

/** The root of the sum of all squares in a tree of gradients, scalar. */
function globalNorm(slopes: unknown): Tensor {
  return leavesOf(slopes)
    .flatMap(({ leaf }) => (leaf instanceof Tensor ? leaf.square().sum().cast('float32') : []))
    .reduce((sum, square) => sum.add(square), zeros([]))
    .sqrt()
}
