/** Topics, groups and brokers of the cluster that answers: asked for when the words are nothing else. */
import { nearest } from '../../../cli/nearest.ts'
import { PARTITION_DIRECTORY } from '../file/files.ts'
import type { LiveCluster } from '../live.ts'
import type { Meaning, Question } from '../meaning.ts'

export async function meanings(subject: string, question: Question): Promise<Meaning[]> {
  const cluster = /[/\\]/.test(subject) ? null : await question.live()
  const found = cluster === null ? [] : await namesOn(cluster, subject, question)
  return found.length > 0 ? found : directory(subject)
}

/** Nothing but its letters says that it is one: a topic, a dash, the number of a partition. */
function directory(term: string): Meaning[] {
  if (!/[\w.]-\d+[/\\]?$/.test(term)) return []
  const { what, meaning, written, crash, lines } = PARTITION_DIRECTORY
  const rows: [string, string][] = [
    ['written', written],
    ['a crash', crash],
  ]
  const sections = [
    { title: '', rows },
    { title: 'See it', lines },
  ]
  return [{ term, kind: 'file', of: null, title: what, meaning, sections, details: { what, written, crash, lines } }]
}

async function namesOn({ admin, brokers }: LiveCluster, subject: string, question: Question): Promise<Meaning[]> {
  const [topics, groups] = await Promise.allSettled([admin.listTopics(), admin.listGroups()])
  const found: Meaning[] = []
  const isTopic = topics.status === 'fulfilled' && topics.value.some(({ name }) => name === subject)
  const group = groups.status === 'fulfilled' ? groups.value.find(({ groupId }) => groupId === subject) : undefined
  if (isTopic) found.push(pointer(subject, 'topic', 'A topic of the cluster.', question))
  if (group !== undefined) {
    const type = group.type === '' ? '' : `${group.type.toLowerCase()} `
    found.push(
      pointer(
        subject,
        'group',
        `A ${type}group of the cluster${group.state === '' ? '' : `, ${group.state}`}.`,
        question,
      ),
    )
  }
  if (brokers.some((id) => String(id) === subject)) {
    found.push(pointer(subject, 'broker', 'A broker of the cluster.', question))
  }
  return found
}

function pointer(subject: string, of: 'topic' | 'group' | 'broker', meaning: string, { connect }: Question): Meaning {
  const lines = [`kt describe ${of} ${subject}${connect}`]
  if (of === 'topic') lines.push(`kt configs --describe --topic ${subject} --all${connect}`)
  return {
    ...{ term: subject, kind: 'name', of, title: of, meaning },
    sections: [{ title: 'See it', lines }],
    details: { name: subject, lines },
  }
}

/** Topics of the cluster that are spelled nearly so. */
export async function near(subject: string, question: Question): Promise<string[]> {
  const cluster = await question.live()
  const topics = cluster === null ? [] : await cluster.admin.listTopics().catch(() => [])
  return nearest(
    subject,
    topics.map(({ name }) => name),
  )
}
