import type { Context } from '../../context.ts';

/** Indicates whether the viewer holds any grant today, and so may edit some part of the register. */
export async function hasAnyGrant({ viewer, loaders, currentSnapshot }: Context): Promise<boolean> {
  if (!viewer) return false;
  return (await loaders.grantsBySubject.load({ subject: viewer.subject, ...(await currentSnapshot()) })).length > 0;
}
