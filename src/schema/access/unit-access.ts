import { isContractSpecialist } from '../../auth/requirements.ts';
import type { Context } from '../../context.ts';
import { findReferenceVersion } from '../../domain/time/reference-version.ts';
import type { AdministratorOfUnitRow } from '../../store/read/grants.ts';
import { builder } from '../kit/builder.ts';
import { loadUnits } from '../kit/load.ts';
import { Unit, Administrator } from '../kit/refs.ts';
import { liveView, type UnitAtSnapshot } from '../kit/view.ts';

builder.objectFields(Unit, (t) => ({
  administrators: t.field({
    type: [Administrator],
    nullable: true,
    description:
      'People to ask about the unit today, whatever the snapshot; null without a token. For a contract specialist, ' +
      'the registrars come first; then the administrators of the unit and the units above it, nearest first. Where ' +
      'there is none, the operators.',
    resolve: async (unit, _args, context) => {
      if (!context.viewer) return null;
      const administrators = await loadAdministrators(unit, context);
      context.countObjects(administrators.length);
      return administrators;
    },
  }),
  responsibleOrganization: t.field({
    type: Unit,
    nullable: true,
    description:
      'Nearest organization with an administrator, the unit itself included: the one to contact today, whatever ' +
      'the snapshot',
    resolve: async (unit, _args, context) => {
      context.countObjects(1);
      const administeredReshIds = new Set(
        (await loadAdministrators(unit, context)).flatMap(({ reshId }) => (reshId === null ? [] : [reshId])),
      );
      const candidates = await loadUnits(context, [...administeredReshIds], await liveView(context));
      return candidates.find((candidate) => candidate?.row.type === 'ORGANIZATION') ?? null;
    },
  }),
}));

/** Loads the people to ask about a unit today, whatever the snapshot at which the unit is shown. */
async function loadAdministrators(
  { row }: UnitAtSnapshot,
  { loaders, currentSnapshot }: Context,
): Promise<readonly AdministratorOfUnitRow[]> {
  const { revision, day } = await currentSnapshot();
  const scopeVersion = findReferenceVersion(await loaders.timelineByReshId.load({ reshId: row.reshId, revision }), day);
  if (!scopeVersion) return [];
  const hasRegistrar = isContractSpecialist(scopeVersion);
  return loaders.administratorsOfUnit.load({ path: scopeVersion.path, hasRegistrar, revision, day });
}
