import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, longest first: begun last, one of them would keep the run waiting on a single process. */
const LONG = [
  'acceptance/lessons',
  'acceptance/examples',
  'acceptance/sessions',
  'acceptance/failover',
  'acceptance/storm',
  'simulation/simulate',
  'cluster/start-cluster',
  'consumer-groups/steps/run-steps',
  'acceptance/timeline',
  'group/kafkajs-membership',
  'referee-failover',
  'coordinator-apache',
  'foreign-clients/python',
  'commands/e2e-latency',
  'commands/reassign-partitions',
  'commands/share-consumers',
  'commands/signals',
  'commands/producer-perf-test',
  'commands/verifiable-producer',
  'mixed/mixed-cluster',
  'commands/metadata-shell',
  'referee-directory',
  'script-server',
  'foreign-clients/apache-storage',
]

/** The order of files: a fresh checkout knows no durations of earlier runs. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return at === -1 ? LONG.length : at
    }
    return [...(await super.sort(files))].sort((one, other) => rank(one) - rank(other))
  }
}
