// Everything that computes for long runs here, so that the page stays free to draw.
import { expose, proxy } from 'comlink'
import { backendService } from './backend-service.ts'
import { createContext } from './context.ts'
import { drawService } from './draw-service.ts'
import { ganService } from './gan-service.ts'
import { kernelsService } from './kernels-service.ts'
import { raceService } from './race-service.ts'
import { trainService } from './train-service.ts'

const context = createContext()

const services = {
  backend: proxy(backendService(context)),
  train: proxy(trainService(context)),
  draw: proxy(drawService(context)),
  gan: proxy(ganService(context)),
  kernels: proxy(kernelsService(context)),
  race: proxy(raceService(context)),
}

/** What the page may ask of the worker. */
export type Services = typeof services

expose(services)
