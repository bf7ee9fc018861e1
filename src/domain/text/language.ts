/** Languages of messages to people: English and Norwegian bokmål. */
export const languages = ['en', 'nb'] as const;

export type Language = (typeof languages)[number];

/** A text in every language. */
export type LocalizedText = Readonly<Record<Language, string>>;
