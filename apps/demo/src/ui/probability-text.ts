/** A probability in percent. What is all but certain does not show as 100 %. */
export function probabilityText(probability: number): string {
  return probability > 0.999 ? '> 99.9 %' : `${(100 * probability).toFixed(1)} %`
}

/** The same for the middle of a sentence, whose lines do not end before the sign. */
export function probabilityInWords(probability: number): string {
  return probabilityText(probability).replace('>', 'more than').replace(' %', '\u00a0%')
}
