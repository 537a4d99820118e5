/**
 * What the best tools for learning have, as 32 rows: what `kt learn` does about each, and where that is in the code. A test
 * holds every place against the files, every command line against the grammar.
 */

export interface LearningRow {
  readonly row: number
  /** What a learner wants. */
  readonly name: string
  readonly group: string
  /** How it is done here; of one that is not there, why not. */
  readonly how: string
  readonly isThere: boolean
  /** A command line that shows it. */
  readonly shown?: string
  /** Files and folders, from the root of the repository. */
  readonly places: readonly string[]
}

type Row = readonly [row: number, name: string, how: string, shown: string | null, places: readonly string[]]

const CHECKS: readonly Row[] = [
  [
    1,
    'a real system instead of a simulation',
    "brokers and controllers are processes of this machine that speak Kafka's protocol; every other client may join in",
    'kt cluster start',
    ['src/cluster', 'src/broker'],
  ],
  [
    2,
    'what is really there is checked',
    'goals are predicates over facts read through the admin client; what was typed is never looked at',
    'kt learn check',
    ['src/learn/checks', 'src/learn/facts/facts.ts'],
  ],
  [
    3,
    'several named goals, red or green as it happens',
    'two to four in a lesson, side by side with a picture of the cluster; in words as well as in colour',
    'kt learn',
    ['src/learn/lesson.ts', 'src/commands/learn/screen/goal-lines.ts'],
  ],
  [
    4,
    'a failure says what was expected and what was seen',
    'and the command that shows it; "not yet", "this cluster cannot" and "the check itself failed" are three answers',
    'kt learn check',
    ['src/learn/verdict.ts', 'src/commands/learn/render.ts'],
  ],
  [
    5,
    'checked again without being asked',
    'every half second while something happens, every two seconds while nothing does',
    'kt learn',
    ['src/commands/learn/screen/looks.ts', 'src/commands/learn/watch.ts'],
  ],
  [
    6,
    'what takes its time, and what is over already',
    'goals say what they wait for and how long; a journal keeps what changed and when, so that a leader of a moment ago still counts',
    'kt learn',
    ['src/learn/journal.ts', 'src/learn/checks/happened.ts'],
  ],
]

const HELP: readonly Row[] = [
  [7, 'hints on demand', 'for the first goal that is open', 'kt learn hint', ['src/learn/teacher.ts']],
  [
    8,
    'hints in steps',
    'a nudge, the idea behind it, the exact command',
    'kt learn hint',
    ['src/learn/teacher.ts', 'src/learn/lesson.ts'],
  ],
  [
    9,
    'a hint that knows the last command',
    'commands run while a lesson is open are noted, with how they ended; a hint begins with what went wrong',
    'kt learn hint',
    ['src/cli/note-attempt.ts', 'src/learn/teacher.ts'],
  ],
  [
    10,
    'the solution, but not at once',
    'after an attempt, whatever it was; its lines name the brokers and files of this very cluster',
    'kt learn solution',
    ['src/commands/learn/sitting.ts'],
  ],
  [
    11,
    'after success: what happened, why, and more to try',
    'with the evidence that was seen, and lines to play with; nothing moves on by itself',
    'kt learn check',
    ['src/learn/lesson.ts', 'src/commands/learn/page-text.ts'],
  ],
  [
    23,
    'predict first, then run',
    'questions where the result surprises; a wrong answer never blocks, and the right one is read from the cluster',
    'kt learn answer 1 a',
    ['src/learn/lesson.ts', 'src/commands/learn/sitting.ts'],
  ],
  [
    24,
    'beliefs that are out of date, with the version',
    'what older notes say beside what holds, and until which release it was true',
    'kt learn goto 0',
    ['src/learn/lesson.ts', 'src/learn/lessons/00-cluster/index.ts'],
  ],
  [
    25,
    'a pasted command explained, flag by flag',
    'of any generation, and how it is written today',
    'kt explain "kafka-topics.sh --zookeeper localhost:2181 --list"',
    ['src/commands/explain', 'src/learn/lessons/11-old-commands/index.ts'],
  ],
  [
    26,
    'ideas and settings documented in the terminal, from the live server',
    'each setting with its value, where that comes from, its default and what it means; the words of outputs with an example of the cluster, errors, options, files of a data directory with what is in this one',
    'kt explain retention.ms --topic orders',
    ['src/commands/explain', 'src/commands/explain/setting/index.ts', 'src/commands/configs'],
  ],
  [
    27,
    'a handful of examples for each command',
    'three to eight, in its help; every one of them is run by a test',
    'kt topics --help',
    ['src/cli/command.ts', 'test/acceptance/examples.test.ts', 'test/cli/command.test.ts'],
  ],
]

const COURSE: readonly Row[] = [
  [
    12,
    'progress is kept',
    'a lesson is found as it was left, also when the machine was off',
    'kt learn',
    ['src/learn/progress.ts', 'src/learn/store.ts'],
  ],
  [
    13,
    'progress goes to another machine',
    'as one JSON document; what stood there before is kept',
    'kt learn export',
    ['src/commands/learn/course-verbs.ts'],
  ],
  [
    14,
    'list, search, jump, skip',
    'in any order; a lesson that this cluster cannot serve says so, and which one can be done instead',
    'kt learn list partition',
    ['src/commands/learn/course-verbs.ts', 'src/commands/learn/desk.ts'],
  ],
  [
    15,
    'one lesson undone, and nothing else',
    'only what begins with its own prefix is deleted; settings and dead brokers are put right',
    'kt learn reset 1',
    ['src/learn/stage.ts', 'src/learn/names.ts'],
  ],
  [
    16,
    'everything undone',
    'lessons and progress, after a question',
    'kt learn reset --all',
    ['src/commands/learn/desk.ts'],
  ],
  [
    17,
    'undo; snapshot, experiment, restore',
    'settings, quotas and committed offsets are taken back one by one; the whole local cluster is kept before an experiment and put back after it',
    'kt cluster snapshot',
    ['src/cluster/local-snapshots.ts', 'src/commands/cluster/snapshot.ts', 'src/commands/undo'],
  ],
  [
    31,
    'a notebook to take away',
    'Markdown: what was run, what changed on the cluster, what was expected, what it means',
    'kt learn notes',
    ['src/commands/learn/notebook.ts'],
  ],
  [
    32,
    'incidents at the end: a symptom and nothing else',
    'something is broken, the shop complains, and what counts as mended is checked',
    'kt learn incident',
    ['src/learn/lessons/index.ts', 'src/commands/learn/incident-verbs.ts'],
  ],
]

const PLACE: readonly Row[] = [
  [
    18,
    'a place to play freely',
    'the local cluster with any topic, beside the lessons and after them; and a tour in seconds',
    'kt quickstart',
    ['src/learn/quickstart.ts', 'src/commands/cluster'],
  ],
  [
    19,
    'a live picture of what is',
    'brokers as columns, replicas as cells, leader, ISR, high watermark, groups with their lag',
    'kt learn',
    ['src/learn/picture/picture.ts', 'src/commands/learn/picture.ts'],
  ],
  [
    20,
    "on the learner's own system as well",
    'most lessons run on any cluster, after a question; those that kill brokers only on the local one',
    'kt learn --bootstrap-server localhost:9092',
    ['src/commands/learn/place.ts', 'src/learn/names.ts'],
  ],
  [
    21,
    'faults on demand',
    'nodes are killed, stopped, paused, cut off; consumers are made slow; laboratories do it and count what is lost',
    'kt cluster isolate 3 --from nodes',
    ['src/commands/cluster/deeds.ts', 'src/cluster/local-faults.ts', 'src/learn/lab'],
  ],
  [
    22,
    'others who act as well',
    "the shop's programs write and read beside the learner, as processes of their own",
    'kt learn programs',
    ['src/commands/learn/programs', 'src/learn/lessons/39-growing-lag/index.ts'],
  ],
  [
    28,
    'offline, installed in one step, no account',
    'one npm package with the cluster in it: no Java, no container, no network',
    'kt cluster start',
    ['package.json', 'src/cluster/local-cluster.ts'],
  ],
  [
    29,
    'it diagnoses itself',
    'this machine, the local cluster, where commands connect and whether every broker is reached by its advertised address, the terminal',
    'kt doctor',
    ['src/commands/doctor'],
  ],
  [
    30,
    'a format for authors, and lessons that are proved',
    'a folder of data and small checks; unsolved it fails, its solution passes, reset restores, here and on Apache Kafka; and a test walks the course at the screen',
    null,
    [
      'src/learn/README.md',
      'test/lessons/prove.ts',
      'test/learn/lessons.test.ts',
      'test/acceptance/course-walk.test.ts',
    ],
  ],
]

/** All of them are there; one that is not would stand in a list of its own, with its reason. */
const groups: readonly (readonly [name: string, rows: readonly Row[]])[] = [
  ['Goals that are checked', CHECKS],
  ['Help, and explanations', HELP],
  ['The course', COURSE],
  ['The place where it happens', PLACE],
]

/** In the order of the page. */
export const LEARNING: readonly LearningRow[] = groups.flatMap(([group, rows]) =>
  rows.map(([row, name, how, shown, places]) => ({
    ...{ row, group, name, how, places, isThere: true },
    ...(shown === null ? {} : { shown }),
  })),
)
