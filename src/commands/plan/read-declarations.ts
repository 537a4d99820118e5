/** Documents -> declarations: kinds, fields, values; every mistake with its line. */
import { FORMAT_VERSION } from '../../cli/format.ts'
import { nearest } from '../../cli/nearest.ts'
import type {
  Declarations,
  DeclaredAcl,
  DeclaredConfigs,
  DeclaredQuota,
  DeclaredTopic,
  DeclaredUser,
} from './declarations.ts'
import { FieldReader } from './field-reader.ts'
import { readAcls, readQuotas, readUsers } from './read-security.ts'
import { readConfigs, readTopic, readTopicDescriptions } from './read-topics.ts'
import { throwProblems } from './source-files.ts'
import { Problems, type SourceDocument } from './values.ts'

/** Filled by the readers of the kinds. */
export interface Found {
  readonly topics: DeclaredTopic[]
  readonly configs: DeclaredConfigs[]
  readonly acls: DeclaredAcl[]
  readonly quotas: DeclaredQuota[]
  readonly users: DeclaredUser[]
}

const KINDS: Readonly<Record<string, (document: FieldReader, found: Found) => void>> = {
  Topic: (document, { topics }) => void topics.push(readTopic(document)),
  TopicDescriptionList: (document, { topics }) => void topics.push(...readTopicDescriptions(document)),
  ConfigList: (document, { configs }) => void configs.push(...readConfigs(document)),
  AclList: (document, { acls }) => void acls.push(...readAcls(document)),
  QuotaList: (document, { quotas, users }) => {
    quotas.push(...readQuotas(document))
    users.push(...readUsers(document))
  },
}

/** All that the documents declare. Throws a usage `KtError` that names every mistake. */
export function readDeclarations(documents: readonly SourceDocument[]): Declarations {
  const problems = new Problems()
  const found: Found = { topics: [], configs: [], acls: [], quotas: [], users: [] }
  for (const { file, root } of documents) {
    if (root.type === 'map') readDocument(new FieldReader(file, root, problems), found)
    else problems.add(file, root.line, 'a document is a map that begins with apiVersion and kind')
  }
  checkTwice(found, problems)
  throwProblems(problems)
  return found
}

function readDocument(document: FieldReader, found: Found): void {
  const version = document.text('apiVersion')
  const kind = document.text('kind')
  const read = kind !== null && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (kind === null) document.wrong('kind is missing', `it is one of ${Object.keys(KINDS).join(', ')}`)
  else if (version === null) document.wrong('apiVersion is missing', `it is ${FORMAT_VERSION}`)
  else if (version !== FORMAT_VERSION) document.wrong(`apiVersion ${version}`, `it is ${FORMAT_VERSION}`)
  else if (read === undefined) document.wrong(`kind ${kind} declares nothing`, kindHint(kind))
  else {
    read(document, found)
    document.checkUnknown()
  }
}

function kindHint(kind: string): string {
  const near = nearest(kind, Object.keys(KINDS))
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : `kinds are ${Object.keys(KINDS).join(', ')}`
}

/** Two documents about one thing would leave open which one counts. */
function checkTwice(found: Found, problems: Problems): void {
  const places = new Map<string, string>()
  const check = (what: string, place: string): void => {
    const before = places.get(what)
    if (before !== undefined) problems.lines.push(`${place}: ${what} is declared a second time, first in ${before}`)
    places.set(what, before ?? place)
  }
  for (const { name, place } of found.topics) check(`topic ${name}`, place)
  for (const { resource, configs, place } of found.configs) {
    for (const name of configs.keys()) check(`${name} of ${resource.type.toLowerCase()} '${resource.name}'`, place)
  }
  for (const { name, configs, place } of found.topics) {
    for (const key of configs.keys()) check(`${key} of topic '${name}'`, place)
  }
  for (const { entity, values, place } of found.quotas) {
    for (const key of values.keys()) check(`quota ${key} of ${JSON.stringify(Object.fromEntries(entity))}`, place)
  }
  for (const { user, mechanism, place } of found.users) check(`${mechanism} of user ${user}`, place)
}
