export function organizationPath(orgId: string): string {
  return `orgs/${orgId}`;
}

export function membersPath(orgId: string): string {
  return `${organizationPath(orgId)}/members`;
}

export function memberPath(orgId: string, uid: string): string {
  return `${membersPath(orgId)}/${uid}`;
}
