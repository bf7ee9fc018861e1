import { GrowingList } from './growing-list.ts';
import { TemporalRows, type TemporalRow } from './temporal-rows.ts';
import { TextFolder } from './text-folder.ts';
import { TextIndex } from './text-index.ts';
import { Trigrams } from './trigrams.ts';

/** A version of a unit, with what is searched for. */
export interface NamedVersion extends TemporalRow {
  readonly reshId: number;
  readonly name: string;
  readonly shortName: string | null;
  readonly nameFolded: string;
  readonly shortNameFolded: string | null;
  readonly loweredName: string;
  readonly loweredShortName: string | null;
  readonly organizationNumber: string | null;
}

/** A name of a unit in another language. */
export interface NameRow extends TemporalRow {
  readonly reshId: number;
  readonly name: string;
  readonly nameFolded: string;
  readonly loweredName: string;
}

/** A version of a treatment site. */
export interface SiteRow extends TemporalRow {
  readonly organizationNumber: string;
  readonly name: string;
  readonly nameFolded: string;
  readonly loweredName: string;
}

/** An identifier of a unit in another system. */
export interface IdentifierRow extends TemporalRow {
  readonly reshId: number;
  readonly value: string;
}

type WrittenNames = Pick<NamedVersion, 'name' | 'shortName'>;

/** Number of no text, row of no version, and no organization number. */
const NONE = -1;

const noRows: readonly number[] = [];

/**
 * What can be searched for, in memory: the names, organization numbers and identifiers of all units, at all revisions
 * up to one and on all days. Texts have numbers, and versions are rows.
 */
export class SearchIndex {
  /** Newest revision in the index, and its hash in the ledger */
  revision = -1;
  hash: string | null = null;

  readonly trigrams = new Trigrams();
  readonly texts = new TextIndex(this.trigrams);
  readonly folder = new TextFolder();
  readonly versions = new TemporalRows();
  readonly names = new TemporalRows();
  readonly sites = new TemporalRows();
  readonly identifiers = new TemporalRows();
  readonly #nameNumbers = new GrowingList();
  readonly #shortNameNumbers = new GrowingList();
  readonly #writtenNames = new Map<number, WrittenNames>();
  /** First version with each text as a name; the others, for texts that several versions have */
  readonly #firstRows = new GrowingList();
  readonly #otherRows = new Map<number, number[]>();
  /** Of each version; NONE if it has none */
  readonly #organizationNumbers = new GrowingList();
  readonly #identifiersByValue = new Map<string, number[]>();
  readonly #nameTexts: string[] = [];
  readonly #nameRowsByText = new Map<number, number[]>();
  readonly #siteTexts: string[] = [];
  readonly #siteNumbers: string[] = [];
  readonly #siteRowsByText = new Map<number, number[]>();

  addVersion(version: NamedVersion): void {
    const { nameFolded, loweredName, shortNameFolded, loweredShortName, organizationNumber, name, shortName } = version;
    const row = this.versions.add(version, version.reshId);
    const nameNumber = this.texts.add({ folded: nameFolded, lowered: loweredName });
    const shortNameNumber =
      shortNameFolded === null || loweredShortName === null
        ? NONE
        : this.texts.add({ folded: shortNameFolded, lowered: loweredShortName });
    this.#nameNumbers.push(nameNumber);
    this.#shortNameNumbers.push(shortNameNumber);
    this.#addByText(nameNumber, row);
    if (shortNameNumber !== NONE && shortNameNumber !== nameNumber) this.#addByText(shortNameNumber, row);
    // A unit of a snapshot has the names of any other version.
    if (version.to !== null) this.#writtenNames.set(row, { name, shortName });
    this.#organizationNumbers.push(organizationNumber === null ? NONE : Number(organizationNumber));
  }

  #addByText(number: number, row: number): void {
    while (this.#firstRows.length <= number) this.#firstRows.push(NONE);
    if (this.#firstRows.at(number) === NONE) this.#firstRows.set(number, row);
    else addTo(this.#otherRows, number, row);
  }

  addName(name: NameRow): void {
    const row = this.names.add(name, name.reshId);
    this.#nameTexts.push(name.name);
    addTo(this.#nameRowsByText, this.texts.add({ folded: name.nameFolded, lowered: name.loweredName }), row);
  }

  addSite(site: SiteRow): void {
    const row = this.sites.add(site, NONE);
    this.#siteTexts.push(site.name);
    this.#siteNumbers.push(site.organizationNumber);
    addTo(this.#siteRowsByText, this.texts.add({ folded: site.nameFolded, lowered: site.loweredName }), row);
  }

  addIdentifier(identifier: IdentifierRow): void {
    addTo(this.#identifiersByValue, identifier.value, this.identifiers.add(identifier, identifier.reshId));
  }

  /** Says whether a text is the name of a version, and not only its short name. */
  isName(row: number, number: number): boolean {
    return this.#nameNumbers.at(row) === number;
  }

  /** Says whether a text is the short name of a version. */
  isShortName(row: number, number: number): boolean {
    return this.#shortNameNumbers.at(row) === number;
  }

  /** Returns the names of a version that ends; undefined for any other. */
  writtenNamesOf(row: number): WrittenNames | undefined {
    return this.#writtenNames.get(row);
  }

  /** Returns the first version whose name or short name is a text, or -1 if no version has it. */
  firstRowWithText(number: number): number {
    return number < this.#firstRows.length ? this.#firstRows.at(number) : NONE;
  }

  otherRowsWithText(number: number): readonly number[] {
    return this.#otherRows.get(number) ?? noRows;
  }

  /** Returns the rows of names in other languages that are a text. */
  nameRowsWithText(number: number): readonly number[] {
    return this.#nameRowsByText.get(number) ?? noRows;
  }

  nameAt(row: number): string {
    return this.#nameTexts[row] as string;
  }

  /** Returns the versions of treatment sites whose name is a text. */
  siteRowsWithText(number: number): readonly number[] {
    return this.#siteRowsByText.get(number) ?? noRows;
  }

  siteAt(row: number): { readonly name: string; readonly organizationNumber: string } {
    return { name: this.#siteTexts[row] as string, organizationNumber: this.#siteNumbers[row] as string };
  }

  // A map would take more memory than all names, and saves a tenth of a millisecond for 200,000 versions.
  versionsWithOrganizationNumber(organizationNumber: string): number[] {
    return this.#organizationNumbers.indexesOf(Number(organizationNumber));
  }

  identifiersWithValue(value: string): readonly number[] {
    return this.#identifiersByValue.get(value) ?? noRows;
  }
}

function addTo<Key>(rowsByKey: Map<Key, number[]>, key: Key, row: number): void {
  const rows = rowsByKey.get(key);
  if (rows) rows.push(row);
  else rowsByKey.set(key, [row]);
}
