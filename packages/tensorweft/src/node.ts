export * from '@tensorweft/layers/node'
