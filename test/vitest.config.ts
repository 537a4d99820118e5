import { defineConfig } from 'vitest/config'
import { LongestFirst } from './support/longest-first.ts'

/** Where continuous integration wants the runner's own report. */
const report = process.env.KT_TEST_REPORT

/** Floors whose tests start no process and leave nothing behind: one process does for many files, which saves its start. */
const PURE = [
  'base',
  'broker',
  'cli',
  'commands/describe',
  'commands/metadata-shell',
  'controller',
  'coordinator',
  'metadata',
  'protocol/messages',
  'raft',
].map((floor) => `test/${floor}/**/*.test.ts`)

const common = {
  root: new URL('..', import.meta.url).pathname,
  testTimeout: 30_000,
  hookTimeout: 30_000,
  pool: 'forks',
} as const

export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    globalSetup: ['test/support/build.ts', 'test/support/test-home.ts'],
    root: common.root,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: 'pure', include: PURE, isolate: false } },
      {
        test: {
          ...common,
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...PURE, 'test/interop/**', 'test/bench/**', 'node_modules/**'],
        },
      },
    ],
  },
})
