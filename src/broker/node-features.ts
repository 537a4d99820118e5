import { SUPPORTED_FEATURES } from '../metadata/features.ts'
import type { SupportedFeature } from './api-versions.ts'

/** Feature levels this implementation can run with: what a broker and a controller register. */
export const NODE_FEATURES: readonly SupportedFeature[] = [...SUPPORTED_FEATURES].map(([name, { min, max }]) => ({
  name,
  min,
  max,
}))
