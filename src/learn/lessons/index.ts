/** The course: how each lesson is found without loading the others. */
import type { Lesson } from '../lesson.ts'

export interface LessonEntry {
  readonly number: number
  readonly title: string
  load(): Promise<Lesson>
}

type Row = readonly [number: number, title: string, load: () => Promise<{ lesson: Lesson }>]

const ROWS: readonly Row[] = [
  [0, 'A cluster in one command', () => import('./00-cluster/index.ts')],
  [1, 'A topic is partitions, and a partition is a directory', () => import('./01-topic/index.ts')],
  [2, 'Writing records', () => import('./02-produce/index.ts')],
  [3, 'Reading deletes nothing', () => import('./03-read-twice/index.ts')],
  [4, 'My consumer shows nothing', () => import('./04-from-now-on/index.ts')],
  [5, 'Topic, partition, offset', () => import('./05-coordinates/index.ts')],
  [6, 'Order holds inside a partition', () => import('./06-order/index.ts')],
  [7, 'Records without a key stick together', () => import('./07-sticky/index.ts')],
  [8, 'The same key, the same partition', () => import('./08-keys/index.ts')],
  [9, 'A partition that was asked for beats the key', () => import('./09-partition-beats-key/index.ts')],
  [10, 'One address is enough to begin with', () => import('./10-bootstrap/index.ts')],
  [11, 'Commands from old notes', () => import('./11-old-commands/index.ts')],
  [12, 'More partitions, and keys move', () => import('./12-more-partitions/index.ts')],
  [13, 'Who has a copy, and who leads', () => import('./13-replicas/index.ts')],
  [14, 'What is in the directory of a partition', () => import('./14-segments/index.ts')],
  [15, 'Kill the leader', () => import('./15-kill-the-leader/index.ts')],
  [16, 'A broker comes back', () => import('./16-come-back/index.ts')],
  [17, 'The preferred leader', () => import('./17-preferred-leader/index.ts')],
  [18, 'Stopped or killed', () => import('./18-stop-or-kill/index.ts')],
  [19, 'One replica: nobody can take over', () => import('./19-one-replica/index.ts')],
  [20, 'How many copies are enough: min.insync.replicas', () => import('./20-min-insync/index.ts')],
  [21, 'Acknowledged and lost: acks 0, 1 and all', () => import('./21-acks-lab/index.ts')],
  [22, 'A leader from outside the ISR', () => import('./22-unclean/index.ts')],
  [23, 'A group shares the work', () => import('./23-groups-share-work/index.ts')],
  [24, 'The fourth consumer has nothing to do', () => import('./24-fourth-consumer/index.ts')],
  [25, 'Lag, and reading everything again', () => import('./25-lag-and-reset/index.ts')],
  [26, 'When to commit: missed or done twice', () => import('./26-commit-lab/index.ts')],
  [27, 'The consumer that works too long', () => import('./27-slow-consumer/index.ts')],
  [28, 'Who stops when a consumer joins', () => import('./28-rebalance/index.ts')],
  [29, 'All or nothing: transactions', () => import('./29-transactions/index.ts')],
  [30, 'Old records go, a segment at a time', () => import('./30-retention/index.ts')],
  [31, 'Keep the last value of each key', () => import('./31-compaction/index.ts')],
  [32, 'A quota is a delay', () => import('./32-quota/index.ts')],
  [33, 'Move partitions, and give them more replicas', () => import('./33-move-and-grow/index.ts')],
  [34, 'A broker comes, and a broker goes', () => import('./34-expand-and-decommission/index.ts')],
  [35, 'Connect moves data, Streams works on it', () => import('./35-connect/index.ts')],
  [36, 'Two clusters, and a mirror between them', () => import('./36-mirror/index.ts')],
  [37, 'A quorum is not an ISR', () => import('./37-quorum/index.ts')],
  [38, 'Incident: nothing is booked any more', () => import('./38-stuck-consumer/index.ts')],
  [39, 'Incident: orders wait longer and longer', () => import('./39-growing-lag/index.ts')],
  [40, 'Incident: one packer works, two wait', () => import('./40-hot-key/index.ts')],
  [41, 'Incident: the till takes no orders', () => import('./41-under-min-isr/index.ts')],
  [42, 'Incident: one order in three does not arrive', () => import('./42-wrong-address/index.ts')],
]

/** From here on they are incidents: a symptom alone, and what counts as mended. */
export const FIRST_INCIDENT = 38

/** In the order of the course. */
export const COURSE: readonly LessonEntry[] = ROWS.map(([number, title, load]) => ({
  number,
  title,
  load: async () => (await load()).lesson,
}))
