/** `kt features` and Apache's kafka-features.sh: the same command line, the same stdout, the same exit code. */
import { beforeAll, describe, it } from 'vitest'
import { METADATA_VERSION_NAMES, PRODUCTION_FEATURES } from '../../../src/metadata/metadata-versions.ts'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

/** The broker's epoch is the offset it has come to. */
const withoutEpoch = (stdout: string): string => stdout.replace(/Epoch: \d+/g, 'Epoch: N')

/** A cluster that others work with: what changes it is tried, or refused. */
const CASES: ScriptCase[] = [
  { args: 'describe', normalise: withoutEpoch },
  { args: 'describe --node-id 1', normalise: withoutEpoch },
  { args: '--bootstrap-controller {controller} describe', withoutServer: true, normalise: withoutEpoch },
  { args: 'describe --node-id -1', stderr: true },
  { args: 'describe --node-id x', stderr: true },
  { args: '--command-config /dev/null describe', normalise: withoutEpoch },
  { args: '--command-config /no/such/file describe', ownWords: true },
  { args: '--bootstrap-controller {controller} describe', stderr: true },
  { args: 'upgrade --release-version 4.3 --dry-run' },
  { args: '--bootstrap-controller {controller} upgr --rel 4.3 --dry', withoutServer: true },
  { args: 'upgrade --release-version 3.3 --dry-run', stderr: true },
  { args: 'upgrade --release-version 9.9', stderr: true },
  { args: 'upgrade --release-version 4.3 --feature a=1', stderr: true },
  { args: 'upgrade --release-version 4.3 --metadata 4.3', stderr: true },
  { args: 'upgrade --metadata 4.3 --dry-run', stderr: true },
  { args: 'upgrade --metadata 4.0 --feature group.version=1 --dry-run', stderr: true },
  { args: 'upgrade --metadata 9.9', stderr: true },
  { args: 'upgrade --metadata 4.3 --feature metadata.version=30', stderr: true },
  { args: 'upgrade --feature metadata.version=99', stderr: true },
  { args: 'upgrade --feature metadata.version=99 --dry-run', stderr: true },
  { args: "upgrade --feature ' group.version = 1 ' --dry-run" },
  { args: 'upgrade --feature Gnothing=1', stderr: true },
  { args: 'upgrade --feature Gnothing=1 --feature group.version=77 --feature share.version=1', stderr: true },
  { args: 'upgrade --feature a=1 --feature b=1 --feature c=1 --feature zz=1 --feature yy=1', stderr: true },
  { args: 'upgrade --feature a=1 --feature a=2', stderr: true },
  { args: 'upgrade --feature metadata.version', stderr: true },
  { args: 'upgrade --feature metadata.version=x', stderr: true },
  { args: 'upgrade --feature group.version=-1', stderr: true },
  { args: 'upgrade --feature =1', stderr: true },
  { args: 'upgrade', stderr: true },
  { args: 'upgrade --unsafe', stderr: true },
  { args: 'downgrade', stderr: true },
  { args: 'downgrade --release-version 4.0 --dry-run', stderr: true },
  { args: 'downgrade --release-version 4.0 --unsafe --dry-run', stderr: true },
  { args: 'downgrade --release-version 3.3 --dry-run', stderr: true },
  { args: 'downgrade --metadata 4.2 --dry-run', stderr: true },
  { args: 'downgrade --feature group.version=0 --dry-run' },
  { args: 'downgrade --feature group.version=0 --unsafe --dry-run' },
  { args: 'downgrade --feature Gnothing=0', stderr: true },
  { args: 'disable', stderr: true },
  { args: 'disable --feature group.version --feature share.version --dry-run' },
  { args: 'disable --feature group.version --unsafe --dry-run' },
  { args: 'disable --feature kraft.version --dry-run', stderr: true },
  { args: 'disable --feature Gnothing', stderr: true },
  { args: 'disable --feature a --feature a', stderr: true },
  { args: 'version-mapping', withoutServer: true },
  ...['3.3', '3.9', '4.0', '4.0.1', '4.3', ...METADATA_VERSION_NAMES].map((version) => ({
    args: `version-mapping --release-version ${version}`,
    withoutServer: true,
  })),
  ...['4.4', '3.2', '4', 'x'].map((version) => ({
    args: `version-mapping --release-version ${version}`,
    withoutServer: true,
    stderr: true,
  })),
  ...PRODUCTION_FEATURES.flatMap(({ name, since }) =>
    [...since.keys(), since.length].map((level) => `${name}=${level}`),
  )
    .concat('metadata.version=6', 'metadata.version=7', 'metadata.version=31', 'metadata.version=32')
    .map((feature) => ({ args: `feature-dependencies --feature ${feature}`, withoutServer: true, stderr: true })),
  { args: 'feature-dependencies --feature group.version=1 --feature Gnothing=1', withoutServer: true, stderr: true },
  { args: 'feature-dependencies --feature group.version', withoutServer: true, stderr: true },
  { args: 'feature-dependencies', withoutServer: true, stderr: true },
  { args: '', stderr: true },
  { args: 'nonsense', stderr: true },
  { args: 'd', stderr: true },
  { args: 'describe --nonsense', stderr: true },
  { args: '--version', stderr: true },
  { args: '--help', ownWords: true },
  { args: 'upgrade --help', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt features beside kafka-features.sh', () => {
  let cluster: ApacheCluster
  beforeAll(async () => {
    cluster = await apacheCluster(home!)
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers, bootstrapControllers } = cluster
    const names = { controller: bootstrapControllers }
    const subject = { home: home!, script: 'kafka-features', command: 'features', bootstrapServers, names }
    await compareWithScript(subject, given)
  })
})
