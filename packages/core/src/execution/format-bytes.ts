const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

/** Such as `12 bytes` or `5.3 MiB`. */
export function formatBytes(byteLength: number): string {
  const power = byteLength < 1 ? 0 : Math.min(4, Math.floor(Math.log2(byteLength) / 10))
  const amount = byteLength / 2 ** (10 * power)
  return `${Number(amount.toFixed(amount < 10 ? 1 : 0))} ${units[power]}`
}
