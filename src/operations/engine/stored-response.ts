import type { Impact } from '../../domain/plan/impact.ts';
import type { Message } from '../../domain/plan/messages/message.ts';
import type { UserWarning } from '../../domain/plan/user-error.ts';
import type { ChangeResult } from './change-result.ts';

/** The result of a committed change as it is stored: without the units, which the register has by revision. */
interface StoredResponse extends Omit<ChangeResult, 'impact' | 'warnings' | 'isRepeated'> {
  readonly impact: StoredImpact | null;
  readonly warnings: readonly (Omit<UserWarning, keyof Message> & StoredMessage)[];
}

/** Until November 2026 notes were texts, and the first units were stored, without keys. */
interface StoredImpact extends Omit<Impact, 'units' | 'planned' | 'keyedUnits' | 'notes' | 'noteCount'> {
  readonly keyedUnits?: Impact['keyedUnits'];
  readonly notes: readonly (Impact['notes'][number] | string)[];
  readonly noteCount?: number;
}

/** Until November 2026 messages were stored in English only. */
type StoredMessage = Pick<Message, 'message'> & Partial<Message>;

/** Returns the result of a committed change as it is stored. */
export function toStoredResponse({ impact, isRepeated: _isRepeated, ...result }: ChangeResult): StoredResponse {
  if (!impact) return { ...result, impact };
  const { units: _units, planned: _planned, ...storedImpact } = impact;
  return { ...result, impact: storedImpact };
}

/** Returns the result of a stored response. */
export function fromStoredResponse(response: unknown): ChangeResult {
  const { impact, warnings, ...result } = response as StoredResponse;
  return {
    ...result,
    impact: impact && {
      ...impact,
      units: null,
      planned: null,
      keyedUnits: impact.keyedUnits ?? [],
      notes: impact.notes.map((note) =>
        typeof note === 'string' ? { code: null, ...withTranslations({ message: note }) } : note,
      ),
      noteCount: impact.noteCount ?? impact.notes.length,
    },
    warnings: warnings.map((warning) => ({ ...warning, ...withTranslations(warning) })),
    isRepeated: true,
  };
}

function withTranslations({ message, translations, values }: StoredMessage): Message {
  return { message, translations: translations ?? { nb: message }, values: values ?? [] };
}
