import type { Objective } from '../objectives/objective.ts'
import type { Measures } from './measures.ts'

/** Something that looks wrong in a training that goes on all the same. */
export interface GanWarning {
  readonly kind: 'saturatedDiscriminator' | 'collapse'
  /** What was seen. */
  readonly message: string
  /** What to try. */
  readonly advice: string
}

/** The share of a perfect separation that counts as one. */
const separated = 0.98
/** The share of the real samples' variance below which generated ones are all but the same. */
const collapsed = 0.01
/** Reports in a row before something is said: the first steps of a good training look bad, too. */
const patience = 3

/** Looks through the reports of a training for the usual ways in which it fails. */
export class Health {
  readonly #objective: Objective
  #saturatedReports = 0
  #collapsedReports = 0

  constructor(objective: Objective) {
    this.#objective = objective
  }

  /** The warnings after one more report. */
  warningsFor({ realScore, fakeScore, realVariance, fakeVariance }: Measures): GanWarning[] {
    const perfect = this.#objective.perfectSeparation ?? Infinity
    const isSaturated = realScore - fakeScore > separated * perfect
    const isCollapsed = fakeVariance < collapsed * realVariance
    this.#saturatedReports = isSaturated ? this.#saturatedReports + 1 : 0
    this.#collapsedReports = isCollapsed ? this.#collapsedReports + 1 : 0
    const warnings: GanWarning[] = []
    if (this.#saturatedReports >= patience) warnings.push(saturation(realScore, fakeScore))
    if (this.#collapsedReports >= patience) warnings.push(collapse(realVariance, fakeVariance))
    return warnings
  }
}

function saturation(real: number, fake: number): GanWarning {
  return {
    kind: 'saturatedDiscriminator',
    message: `the discriminator tells all samples apart (${real.toFixed(3)} for real ones, ${fake.toFixed(3)} for generated ones)`,
    advice:
      'lower its learning rate or its size, raise labelSmoothing, or use wasserstein(), whose critic may be as good as it gets',
  }
}

function collapse(real: number, fake: number): GanWarning {
  return {
    kind: 'collapse',
    message: `generated samples hardly differ: their variance is ${((100 * fake) / real).toFixed(2)} % of that of real ones`,
    advice:
      'lower the learning rate of the generator, add batchNormalization() to it, or use wasserstein() with discriminatorSteps: 5',
  }
}
