/** `--what-if`: who would read what by each assignor, before anybody joins or leaves. Asks, and changes nothing. */
import { KtError } from '../../../base/errors.ts'
import type { CommandContext } from '../../../cli/context.ts'
import { formatDocument } from '../../../cli/format.ts'
import { presentationOf } from '../../../cli/script-command.ts'
import type { Admin, GroupDescription } from '../../../client/admin-types.ts'
import { describeGroups } from '../group-rows.ts'
import type { GivenConsumerGroups } from '../options.ts'
import { forecast } from './forecast.ts'
import { forecastFields, forecastsText, type PresentAssignor, verdictText } from './forecast-text.ts'
import { prepare } from './scenario.ts'
import { assignorsOf, topicsOf } from './words.ts'

export async function runWhatIf(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const assignors = assignorsOf(given.values('assignor'))
  const group = await groupOf(given, admin)
  const wish = { group, topics: topicsOf(given.values('topic')), memberCount: given.value('member-count') }
  const { scenario, leaving, notes } = await prepare(wish, admin)
  if (scenario.members.length === 0) {
    throw new KtError('usage', `Group '${group?.groupId}' has no members`, {
      next: `kt consumer-groups --what-if --group ${group?.groupId} --topic TOPIC --member-count 3`,
    })
  }
  const forecasts = assignors.map((assignor) => forecast(assignor, scenario))
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = {
      groupId: group?.groupId ?? null,
      state: group?.state ?? null,
      presentAssignor: group?.assignor ?? null,
      topics: scenario.topics.map(({ name, partitionCount }) => ({ topic: name, partitionCount })),
      leaving,
      forecasts: forecasts.map(forecastFields),
    }
    context.stdout.write(formatDocument(presentation, 'AssignmentForecast', fields))
    return
  }
  for (const note of notes) context.stderr.write(`${note}\n`)
  context.stdout.write(forecastsText(forecasts, presentOf(group)))
  context.stderr.write(verdictText(forecasts))
}

async function groupOf(given: GivenConsumerGroups, admin: Admin): Promise<GroupDescription | null> {
  const groupId = given.values('group')[0]
  if (groupId === undefined) return null
  const [group] = await describeGroups(admin, [groupId])
  return group ?? null
}

function presentOf(group: GroupDescription | null): PresentAssignor | null {
  if (group === null) return null
  return { name: group.assignor, protocol: group.type === 'Consumer' ? 'consumer' : 'classic' }
}
