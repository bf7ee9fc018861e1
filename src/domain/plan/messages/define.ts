import type { LocalizedText } from '../../text/language.ts';
import { defineMessage, type MessageBuilder } from './message.ts';
import type { ImpactNoteCode, Note, Problem, UserErrorCode, UserWarningCode, Warning } from '../user-error.ts';

/** Defines a user error. */
export function defineProblem<Values extends object = object>(
  code: UserErrorCode,
  texts: LocalizedText,
): MessageBuilder<Values, Problem> {
  return defineMessage<Values, Pick<Problem, 'code'>>(texts, { code });
}

/** Defines a warning. */
export function defineWarning<Values extends object = object>(
  code: UserWarningCode,
  texts: LocalizedText,
): MessageBuilder<Values, Warning> {
  return defineMessage<Values, Pick<Warning, 'code'>>(texts, { code });
}

/** Defines a note in the impact of a change. */
export function defineNote<Values extends object = object>(
  code: ImpactNoteCode,
  texts: LocalizedText,
): MessageBuilder<Values, Note> {
  return defineMessage<Values, Pick<Note, 'code'>>(texts, { code });
}
