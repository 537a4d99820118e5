import { defineConfig } from 'vitest/config'
import { LongestFirst } from './support/longest-first.ts'

/** Where continuous integration wants the runner's own report. */
const report = process.env.KT_TEST_REPORT

/**
 * Tests of these start clusters or change what their process is; each file of them has a process of its own. All others
 * leave nothing behind, and one process does for many of their files, which saves its start.
 */
const APART = ['acceptance', 'cluster', 'docs', 'simulation', 'storm'].map((floor) => `test/${floor}/**/*.test.ts`)
const ELSEWHERE = ['test/interop/**', 'test/bench/**', 'node_modules/**']

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
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: 'apart', include: APART, exclude: ELSEWHERE } },
      {
        test: {
          ...common,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...APART, ...ELSEWHERE],
          isolate: false,
        },
      },
    ],
  },
})
