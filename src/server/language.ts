import Negotiator from 'negotiator';
import type { Language } from '../domain/text/language.ts';

// Nynorsk, and Norwegian without a written form, fall back to bokmål.
const languageByTag: Readonly<Record<string, Language>> = { en: 'en', nb: 'nb', no: 'nb', nn: 'nb' };

/** Returns the language of messages that a client prefers (Accept-Language); English if it accepts none. */
export function negotiateLanguage(acceptLanguage: string | null): Language {
  if (acceptLanguage === null) return 'en';
  const negotiator = new Negotiator({ headers: { 'accept-language': acceptLanguage } });
  return languageByTag[negotiator.language(Object.keys(languageByTag)) ?? 'en'] ?? 'en';
}
