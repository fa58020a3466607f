import { nonSaturating } from '@tensorweft/gan'
import {
  adam,
  compile,
  gradients,
  type KernelProfile,
  key,
  type Layer,
  profile,
  sparseSoftmaxCrossEntropy,
  stopGradient,
  type Tensor,
  zeros,
} from 'tensorweft'
import { pixelCount, side } from '../../data/mnist.ts'
import { createDiscriminator, createGenerator, latentSize } from '../digit-networks.ts'
import type { DigitSettings } from '../digit-settings.ts'
import { createDigitTraining, createModel } from '../digit-training.ts'

export type PlanName = 'training' | 'prediction' | 'discriminator' | 'generator'

/** Compiles something and measures its kernels on the backend that computes when it is called. */
type Measure = () => Promise<KernelProfile[]>

/** What can be looked into, for the classifier that the settings describe or for the GAN. */
export const plans: Readonly<Record<PlanName, (settings: DigitSettings) => Measure>> = {
  training(settings) {
    const { model, optimizer } = createDigitTraining(settings)
    const step = compile((images: Tensor<'uint8'>, labels: Tensor<'int32'>) => {
      const logits = model.apply(images.cast('float32'), { training: true })
      const loss = sparseSoftmaxCrossEntropy(logits, labels)
      optimizer.update(model.parameters, gradients(loss, model.parameters))
      return loss
    })
    return () => profile(step, digits(settings), zeros([settings.batchSize], 'int32'))
  },
  prediction(settings) {
    const model = createModel(settings.architecture, key(1))
    const predict = compile((images: Tensor<'uint8'>) =>
      model.apply(images.cast('float32')).argMax(-1),
    )
    return () => profile(predict, digits(settings))
  },
  discriminator() {
    const { generator, discriminator } = game()
    const optimizer = adam(rule)
    const step = compile((real: Tensor, noise: Tensor) => {
      const fake = stopGradient(generator.apply(noise, { training: true }))
      const onReal = discriminator.apply(real, { training: true })
      const onFake = discriminator.apply(fake, { training: true })
      const loss = objective.realLoss(onReal).add(objective.fakeLoss(onFake))
      optimizer.update(discriminator.parameters, gradients(loss, discriminator.parameters))
      return loss
    })
    return () => profile(step, zeros([ganBatchSize, side, side, 1]), noise())
  },
  generator() {
    const { generator, discriminator } = game()
    const optimizer = adam(rule)
    const step = compile((noise: Tensor) => {
      const fake = generator.apply(noise, { training: true })
      const loss = objective.generatorLoss(discriminator.apply(fake, { training: true }))
      optimizer.update(generator.parameters, gradients(loss, generator.parameters))
      return loss
    })
    return () => profile(step, noise())
  },
}

const objective = nonSaturating()
const rule = { learningRate: 2e-4, beta1: 0.5 }
const ganBatchSize = 64

function game(): { generator: Layer; discriminator: Layer } {
  const [generator, discriminator] = [createGenerator(), createDiscriminator()]
  generator.build([latentSize], key(0))
  discriminator.build([side, side, 1], key(1))
  return { generator, discriminator }
}

function digits({ batchSize }: DigitSettings): Tensor<'uint8'> {
  return zeros([batchSize, pixelCount], 'uint8')
}

function noise(): Tensor {
  return zeros([ganBatchSize, latentSize])
}
