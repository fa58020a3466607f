export * from '@tensorweft/layers'
