/** Topics, groups and brokers of the cluster that answers: asked for when the words are nothing else. */
import { nearest } from '../../../cli/nearest.ts'
import type { Meaning, Question } from '../meaning.ts'

export async function meanings(subject: string, question: Question): Promise<Meaning[]> {
  const cluster = await question.live()
  if (cluster === null) return []
  const { admin, brokers } = cluster
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
