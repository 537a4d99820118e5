import { defineConfig } from 'vitest/config'
import { LongestFirst } from './support/longest-first.ts'

/** Where continuous integration wants the runner's own report. */
const report = process.env.KT_TEST_REPORT

export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    root: new URL('..', import.meta.url).pathname,
    include: ['test/interop/**/*.test.ts'],
    globalSetup: ['test/support/build.ts', 'test/support/test-home.ts', 'test/support/shared-apache-kafka.ts'],
    // Other people's clients and a JVM on a busy machine: a second try tells their timing from a defect of ours.
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // Most of the time is waiting, for sessions to end and for JVMs.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Few processes for all files, so that files share the JVM that runs Apache's scripts.
    isolate: false,
  },
})
