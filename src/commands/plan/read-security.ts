/** Documents about access rules, quotas and users. */
import type { AclOperation, AclResourceType } from '../../client/security-types.ts'
import { SUPPORTED_OPERATIONS } from '../acls/rules.ts'
import type { DeclaredAcl, DeclaredQuota, DeclaredUser } from './declarations.ts'
import type { FieldReader } from './field-reader.ts'

const RESOURCE_TYPES = Object.keys(SUPPORTED_OPERATIONS) as AclResourceType[]
const OPERATIONS = [...new Set(Object.values(SUPPORTED_OPERATIONS).flat())] as AclOperation[]

/** `kind: AclList`, as `kt acls --list --format yaml` prints it. */
export function readAcls(document: FieldReader): DeclaredAcl[] {
  return document.maps('acls').map((rule): DeclaredAcl => {
    const resourceType = rule.choice('resourceType', RESOURCE_TYPES)
    const name = resourceType === 'CLUSTER' ? (rule.text('name') ?? 'kafka-cluster') : rule.requiredText('name')
    const patternType = rule.choice('patternType', ['LITERAL', 'PREFIXED'], 'LITERAL')
    const principal = rule.requiredText('principal')
    if (principal !== '' && !principal.includes(':'))
      rule.wrong(`principal ${principal}`, `write it as User:${principal}`)
    const operation = rule.choice('operation', OPERATIONS)
    if (!SUPPORTED_OPERATIONS[resourceType].includes(operation)) {
      rule.wrong(`operation ${operation}`, `${resourceType} has ${SUPPORTED_OPERATIONS[resourceType].join(', ')}`)
    }
    const entry = {
      principal,
      host: rule.text('host') ?? '*',
      operation,
      permission: rule.choice('permission', ['ALLOW', 'DENY'], 'ALLOW'),
    }
    rule.checkUnknown()
    return { place: rule.place, binding: { resource: { resourceType, name, patternType }, entry } }
  })
}

const ENTITY_TYPES = ['user', 'client-id', 'ip']
/** Quotas of users and clients, and the one of addresses. */
const KEYS = ['producer_byte_rate', 'consumer_byte_rate', 'request_percentage', 'controller_mutation_rate']
const IP_KEYS = ['connection_creation_rate']

/** `quotas` of `kind: QuotaList`, as `kt configs --describe --entity-type users --format yaml` prints it. */
export function readQuotas(document: FieldReader): DeclaredQuota[] {
  return document.maps('quotas').map((quota): DeclaredQuota => {
    const entity = quota.settings('entity')
    const types = [...entity.keys()]
    const isKnown = types.length > 0 && types.every((type) => ENTITY_TYPES.includes(type))
    if (!isKnown || (types.includes('ip') && types.length > 1)) {
      quota.wrong('entity', 'it has user, client-id or both, or ip; null is the default one')
    }
    const keys = types.includes('ip') ? IP_KEYS : KEYS
    const values = new Map<string, number | null>()
    for (const [key, text] of quota.settings('values')) {
      if (!keys.includes(key)) quota.wrong(`quota ${key}`, `known are ${keys.join(', ')}`)
      const value = text === null ? null : Number(text)
      if (value !== null && (text!.trim() === '' || !Number.isFinite(value)))
        quota.wrong(`${key} ${text}`, 'is no number')
      values.set(key, value)
    }
    quota.checkUnknown()
    return { place: quota.place, entity, values }
  })
}

const MECHANISMS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
const MIN_ITERATIONS = 4096
const SECRETS = ['password', 'salt', 'saltedPassword', 'secret']

/** `scramCredentials` of `kind: QuotaList`. A password is never in a file: `passwordFrom` names the variable that has it. */
export function readUsers(document: FieldReader): DeclaredUser[] {
  return document.maps('scramCredentials').flatMap((item): DeclaredUser[] => {
    const user = item.requiredText('user')
    const credentials = item.maps('credentials').map((credential): DeclaredUser => {
      const secret = SECRETS.find((name) => credential.has(name))
      if (secret !== undefined)
        credential.wrong(secret, 'no secrets in files; passwordFrom names an environment variable')
      const declared = {
        place: credential.place,
        user,
        mechanism: credential.choice('mechanism', MECHANISMS),
        iterations: credential.whole('iterations', MIN_ITERATIONS) ?? MIN_ITERATIONS,
        passwordFrom: credential.text('passwordFrom'),
      }
      credential.checkUnknown()
      return declared
    })
    item.checkUnknown()
    return credentials
  })
}
