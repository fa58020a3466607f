import { expect, test } from 'vitest'
import { byteText, countText, timeText } from './amounts.ts'

test.each([
  [0.0123, '12.3 µs'],
  [0.25, '0.25 ms'],
  [1.2345, '1.23 ms'],
  [12, '12 ms'],
  [0.09996, '0.10 ms'],
  [999.7, '1.0 s'],
  [2500, '2.5 s'],
])('%d milliseconds are %s', (ms, text) => {
  expect(timeText(ms)).toBe(text)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [999_700, '1.0 MB'],
  [40_000, '40 kB'],
  [3_640_000, '3.64 MB'],
  [5.5e12, '5,500 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(byteText(bytes)).toBe(text)
})

test.each([
  [14, '14'],
  [51_400_000, '51.4 M'],
  [13.8e9, '13.8 G'],
])('a count of %d is %s', (count, text) => {
  expect(countText(count)).toBe(text)
})
