import type { Context } from '../../context.ts';

/** Whether the viewer holds any grant today, and so may edit some part of the register. */
export const mayEditAnything = async ({ viewer, loaders, present }: Context): Promise<boolean> => {
  if (!viewer) return false;
  return (await loaders.grantsBySubject.load({ subject: viewer.subject, ...(await present()) })).length > 0;
};
