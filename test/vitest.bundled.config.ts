import { defineConfig } from 'vitest/config'

/** Where continuous integration wants the runner's own report. */
const report = process.env.KT_TEST_REPORT

/** Files whose subject is a cluster, any cluster; others read files or bring an Apache Kafka of their own. */
const ON_ANY_CLUSTER = [
  'cluster',
  'configs',
  'configs-controller',
  'console-consumer',
  'console-producer',
  'consumer-groups',
  'features',
  'get-offsets',
  'leader-election',
  'log-dirs',
  'metadata-quorum',
  'reassign-partitions',
  'replica-verification',
  'topics',
].map((name) => `test/interop/commands/${name}.test.ts`)

/** The comparisons of scripts with `kt` once more, with the bundled cluster in Apache Kafka's place. */
export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    root: new URL('..', import.meta.url).pathname,
    include: ON_ANY_CLUSTER,
    globalSetup: ['test/support/shared-bundled-cluster.ts'],
    env: { KT_REFEREE: 'bundled' },
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
  },
})
