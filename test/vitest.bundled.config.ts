import { defineConfig } from 'vitest/config'
import { NOT_ON_BUNDLED } from '../src/docs/differential-page.ts'
import { LongestFirst } from './support/longest-first.ts'

/** Where continuous integration wants the runner's own report. */
const report = process.env.KT_TEST_REPORT

/** Comparisons that would be the same once more; the page of results says why of each. */
const elsewhere = Object.keys(NOT_ON_BUNDLED).map((name) => `test/interop/commands/${name}.test.ts`)

/** A minute of waiting each, and compared on Apache Kafka: here with `KT_LONG=1`. */
const long = process.env.KT_LONG === '1' ? [] : ['e2e-latency', 'signals']

/** The comparisons of scripts with `kt` once more, with the bundled cluster in Apache Kafka's place. */
export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    root: new URL('..', import.meta.url).pathname,
    include: ['test/interop/commands/*.test.ts'],
    // Live views of groups of both protocols: no comparison, and the bundled cluster has one of the two.
    exclude: [
      ...elsewhere,
      ...long.map((name) => `test/interop/commands/${name}.test.ts`),
      'test/interop/commands/consumer-groups-live.test.ts',
    ],
    globalSetup: ['test/support/test-home.ts', 'test/support/shared-bundled-cluster.ts'],
    env: { KT_REFEREE: 'bundled' },
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // Most of the time is waiting, for sessions to end and for JVMs.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    isolate: false,
  },
})
