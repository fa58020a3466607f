// Compares the listings in CONTRIBUTING.md with the files that they show: whatever the text calls
// 'the whole of' a file is followed by all of it.
import { readFileSync } from 'node:fs'

const listing = /the whole of `([^`]+)`:\n\n```ts\n(.*?)\n```/gs
const text = readFileSync('CONTRIBUTING.md', 'utf8')
const listings = [...text.matchAll(listing)].map(([, path = '', code]) => ({ path, code }))
const stale = listings.filter(({ path, code }) => readFileSync(path, 'utf8').trim() !== code)
for (const { path } of stale) console.log(`CONTRIBUTING.md shows another ${path} than there is`)
if (stale.length > 0 || listings.length === 0) process.exitCode = 1
console.log(`${listings.length - stale.length} of ${listings.length} listings are up to date`)
