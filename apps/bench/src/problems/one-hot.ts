/** Labels as rows with a single one. [labels.length, classes] */
export function oneHot(labels: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes)
  labels.forEach((label, sample) => {
    rows[sample * classes + label] = 1
  })
  return rows
}
