import type { DigitData, IndexData } from '@tensorweft/core'
import { type Code, i32 } from '../assembler/index.ts'
import { boundsOf, digitBounds } from './bounds.ts'

/** Where the value of an axis is; undefined stands for 0. */
export type AxisValue = (axis: number) => Code<'i32'> | undefined

export function addConstant(code: Code<'i32'>, constant: number): Code<'i32'> {
  return constant === 0 ? code : i32.add(code, i32.const(constant))
}

function multiply(code: Code<'i32'>, factor: number): Code<'i32'> {
  return factor === 1 ? code : i32.mul(code, i32.const(factor))
}

/** `base + scale · index`, computed from the axes. */
export function indexCode(
  index: IndexData,
  sizes: readonly number[],
  axisValue: AxisValue,
  scale = 1,
  base?: Code<'i32'>,
): Code<'i32'> {
  const parts: Code<'i32'>[] = base === undefined ? [] : [base]
  for (const { axis, coefficient } of index.terms) {
    const value = axisValue(axis)
    if (value !== undefined && coefficient !== 0) parts.push(multiply(value, coefficient * scale))
  }
  for (const digit of index.digits) {
    parts.push(multiply(digitCode(digit, sizes, axisValue), digit.coefficient * scale))
  }
  const [first, ...rest] = parts
  const constant = index.constant * scale
  if (first === undefined) return i32.const(constant)
  return addConstant(
    rest.reduce((sum, part) => i32.add(sum, part), first),
    constant,
  )
}

/**
 * `floor(of / divisor) mod modulus`. A value that may be negative is shifted by whole turns first,
 * because the divisions of the machine truncate; unsigned ones by constants become multiplications.
 */
function digitCode(
  { of, divisor, modulus }: DigitData,
  sizes: readonly number[],
  axisValue: AxisValue,
): Code<'i32'> {
  const bounds = boundsOf(of, sizes)
  const turn = divisor * (modulus === 0 ? 1 : modulus)
  const turns = bounds.low < 0 ? Math.ceil(-bounds.low / turn) : 0
  const positive = addConstant(indexCode(of, sizes, axisValue), turns * turn)
  const quotient = divisor === 1 ? positive : i32.divU(positive, i32.const(divisor))
  if (modulus === 0) return addConstant(quotient, -turns)
  const { high } = digitBounds(
    { low: bounds.low + turns * turn, high: bounds.high + turns * turn },
    divisor,
    0,
  )
  return high < modulus ? quotient : i32.remU(quotient, i32.const(modulus))
}
