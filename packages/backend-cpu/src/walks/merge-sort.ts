/** Runs of this length are sorted by insertion. */
const shortRun = 8

/** Numbers and what belongs to them. */
interface Column {
  readonly keys: Float64Array
  readonly positions: Int32Array
}

/** Memory to sort up to `capacity` numbers in: 24 bytes for each. */
export class MergeSort {
  private from: Column
  private to: Column

  constructor(capacity: number) {
    const column = () => ({
      keys: new Float64Array(capacity),
      positions: new Int32Array(capacity),
    })
    this.from = column()
    this.to = column()
  }

  /** Where the numbers to be sorted go. Those of one sort are gone after it. */
  get keys(): Float64Array {
    return this.from.keys
  }

  /**
   * The positions of the first n keys in their order: from the least to the greatest or the other
   * way round, equal ones in the order they came, NaN last.
   */
  sort(n: number, isDescending: boolean): Int32Array {
    const { keys } = this.from
    // Descending is ascending by the negatives; −0 equals 0 in comparisons.
    if (isDescending) for (let k = 0; k < n; k++) keys[k] = -(keys[k] ?? 0)
    const numbers = this.partition(n)
    for (let start = 0; start < numbers; start += shortRun) {
      insert(this.from, start, Math.min(start + shortRun, numbers))
    }
    for (let width = shortRun; width < numbers; width *= 2) {
      for (let start = 0; start < numbers; start += 2 * width) {
        const middle = Math.min(start + width, numbers)
        merge(this.from, this.to, start, middle, Math.min(middle + width, numbers))
      }
      // What is not a number stays where it is, in both.
      this.to.positions.set(this.from.positions.subarray(numbers, n), numbers)
      const { from } = this
      this.from = this.to
      this.to = from
    }
    return this.from.positions
  }

  /** Numbers to the front, NaN to the end, both in the order they came; returns how many numbers. */
  private partition(n: number): number {
    const { keys, positions } = this.from
    const others = this.to.positions
    let numbers = 0
    for (let k = 0; k < n; k++) {
      const key = keys[k] ?? 0
      if (Number.isNaN(key)) others[k - numbers] = k
      else {
        keys[numbers] = key
        positions[numbers++] = k
      }
    }
    positions.set(others.subarray(0, n - numbers), numbers)
    return numbers
  }
}

/** Sorts `start` to before `end` in place. */
function insert({ keys, positions }: Column, start: number, end: number): void {
  for (let k = start + 1; k < end; k++) {
    const key = keys[k] ?? 0
    const position = positions[k] ?? 0
    let to = k
    for (; to > start && (keys[to - 1] ?? 0) > key; to--) {
      keys[to] = keys[to - 1] ?? 0
      positions[to] = positions[to - 1] ?? 0
    }
    keys[to] = key
    positions[to] = position
  }
}

/** Merges `start` to before `middle` and `middle` to before `end`; of equal keys the first first. */
function merge(from: Column, to: Column, start: number, middle: number, end: number): void {
  const { keys, positions } = from
  let [left, right] = [start, middle]
  for (let k = start; k < end; k++) {
    const isLeft = left < middle && (right >= end || (keys[left] ?? 0) <= (keys[right] ?? 0))
    const next = isLeft ? left++ : right++
    to.keys[k] = keys[next] ?? 0
    to.positions[k] = positions[next] ?? 0
  }
}
