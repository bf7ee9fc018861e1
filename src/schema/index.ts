import { builder } from './builder.ts';
import './scalars.ts';
import './register.ts';
import './query.ts';
import './unit-change.ts';
import './unit/changes.ts';
import './unit/details.ts';
import './unit/hierarchy.ts';
import './unit/history.ts';
import './unit/services.ts';
import './access/unit-access.ts';
import './access/viewer.ts';

export const schema = builder.toSchema();
