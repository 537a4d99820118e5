/**
 * An admin whose changes of settings, quotas and committed offsets are kept in the journal. What it needs to know is read
 * before the change; nothing that goes wrong with the journal makes a command fail.
 */
import type { Admin, ConfigChange, ConfigResource, MutationOptions, Outcome } from '../../client/admin-types.ts'
import type { ConfigEdit, Edit } from './entry.ts'
import { ownSource, resourceTitle, sameValue } from './entry.ts'
import { changeAndKeep, lookBefore, Recorder, type RecorderContext } from './recorder.ts'

type ResourceChanges = readonly { resource: ConfigResource; changes: readonly ConfigChange[] }[]

/** The admin itself but for the calls that change what can be taken back. */
export function journaled(admin: Admin, context: RecorderContext, recorder = new Recorder(context)): Admin {
  const alterConfigs = async (list: ResourceChanges, options?: MutationOptions): Promise<Outcome<void>[]> => {
    if (options?.validateOnly === true) return admin.incrementalAlterConfigs(list, options)
    const topics = list.flatMap(({ resource: { type, name } }) => (type === 'TOPIC' ? [name] : []))
    const resources = list.map(({ resource }) => resource)
    const names = [...new Set(list.flatMap(({ changes }) => changes.map(({ name }) => name)))]
    const before = await lookBefore(admin, topics, () => admin.describeConfigs(resources, { names }))
    const change = () => admin.incrementalAlterConfigs(list, options)
    return changeAndKeep(recorder, before, change, ({ found, topicIds }, outcomes) =>
      list.flatMap(({ resource, changes }, at) => {
        if (outcomes !== null && !outcomes[at]!.ok) return []
        return configEdits(resource, changes, found[at]!, topicIds, recorder)
      }),
    )
  }
  const offsets = async () => (await import('./journaled-offsets.ts')).offsetCalls(admin, recorder)
  const calls: Partial<Admin> = {
    incrementalAlterConfigs: alterConfigs,
    alterClientQuotas: async (...args) =>
      (await import('./journaled-quotas.ts')).alterQuotasAndKeep(admin, recorder, ...args),
    alterScramCredentials: async (list) =>
      (await import('./journaled-scram.ts')).alterScramAndKeep(admin, recorder, list),
    alterGroupOffsets: async (...args) => (await offsets()).alterGroupOffsets(...args),
    deleteGroupOffsets: async (...args) => (await offsets()).deleteGroupOffsets(...args),
    deleteGroups: async (...args) => (await offsets()).deleteGroups(...args),
    alterShareGroupOffsets: async (...args) => (await offsets()).alterShareGroupOffsets(...args),
    deleteShareGroupOffsets: async (...args) => (await offsets()).deleteShareGroupOffsets(...args),
  }
  return Object.assign(Object.create(admin) as Admin, calls)
}

function configEdits(
  resource: ConfigResource,
  changes: readonly ConfigChange[],
  described: Awaited<ReturnType<Admin['describeConfigs']>>[number],
  topicIds: ReadonlyMap<string, string>,
  recorder: Recorder,
): Edit[] {
  if (!described.ok) {
    recorder.warnUnread(described.error.name)
    return []
  }
  const entries = new Map(described.value.map((entry) => [entry.name, entry]))
  const isSecret = (name: string): boolean => entries.get(name)?.isSensitive === true || /password|jaas/i.test(name)
  const secret = changes.filter(({ name }) => isSecret(name)).map(({ name }) => name)
  recorder.hide(secret)
  const settings = changes
    .filter(({ name, operation }) => !isSecret(name) && (operation === 'SET' || operation === 'DELETE'))
    .map(({ name, operation, value }) => {
      const entry = entries.get(name)
      const before = entry?.source === ownSource(resource) ? entry.value : null
      return { name, before, after: operation === 'SET' ? (value ?? '') : null }
    })
    .filter(({ before, after }) => !sameValue(before, after))
  const edit: ConfigEdit = { kind: 'config', resource, topicId: topicIds.get(resource.name) ?? null, settings }
  const lost = secret.map((name): Edit => {
    return { kind: 'lost', what: `${name} of ${resourceTitle(resource)}`, why: 'secrets are not kept' }
  })
  return [...(settings.length > 0 ? [edit] : []), ...lost]
}
