import { type Port, serve } from './serve.ts'

const port: Port = globalThis
serve(port)
