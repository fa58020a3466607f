export { FileError } from './file-error.ts'
export { readSafetensorsFile, writeSafetensorsFile } from './safetensors-file.ts'
export { writeFileAtomic } from './write-file-atomic.ts'
