import { readCodeSets } from '../../store/read/codes.ts';
import { CodeSet } from '../kit/refs.ts';
import { addRegisterFields } from './register-fields.ts';

addRegisterFields((t, findRegister) => ({
  codeSets: t.field({
    type: [CodeSet],
    description: 'National code sets that the register uses, by number',
    complexity: { field: 1, multiplier: 12 },
    resolve: async (parent, _args, context) => {
      const { view } = await findRegister(parent, context);
      return (await readCodeSets(context.database.prisma, view.revision)).map((set) => ({ ...set, view }));
    },
  }),
  codeSet: t.field({
    type: CodeSet,
    nullable: true,
    description: 'National code set with a number; null if the register does not use it',
    args: { number: t.arg.int({ required: true, description: 'Number of the code set, such as 8451' }) },
    resolve: async (parent, { number }, context) => {
      const { view } = await findRegister(parent, context);
      const [set] = await readCodeSets(context.database.prisma, view.revision, number);
      return set ? { ...set, view } : null;
    },
  }),
}));
