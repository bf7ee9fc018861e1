import { ExactWords } from './exact-words.ts';
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
  readonly nameLowered: string;
  readonly shortNameLowered: string | null;
  readonly organizationNumber: string | null;
  readonly treatmentSiteNumber: string | null;
}

/** A name as it is, and as it is compared. */
interface FoldedName {
  readonly name: string;
  readonly nameFolded: string;
  readonly nameLowered: string;
}

/** A name of a unit in another language. */
export interface NameRow extends TemporalRow, FoldedName {
  readonly reshId: number;
}

/** A version of a treatment site. */
export interface SiteRow extends TemporalRow, FoldedName {
  readonly organizationNumber: string;
}

/** An identifier of a unit in another system. */
export interface IdentifierRow extends TemporalRow {
  readonly reshId: number;
  readonly value: string;
}

type WrittenNames = Pick<NamedVersion, 'name' | 'shortName'>;

/** Number of no text, row of no version, no unit, and no organization number. */
const NONE = -1;

/** A version has the text as one of its names, and another text as the other. */
const PAIRED = 1;
/** Several versions have the text. */
const SHARED = 2;

const noRows: readonly number[] = [];

/**
 * What can be searched for, in memory: the names, numbers, identifiers and treatment sites of all units, at all
 * revisions up to one and on all days. Texts have numbers, and versions are rows.
 */
export class SearchIndex {
  /** Newest revision in the index, and its hash in the ledger */
  revision = -1;
  hash: string | null = null;

  readonly trigrams = new Trigrams();
  readonly texts = new TextIndex(this.trigrams);
  readonly exactWords = new ExactWords(this.texts);
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
  /** Of each text: the sum of what holds of {@link PAIRED} and {@link SHARED} */
  readonly #textFlags = new GrowingList();
  /** Of each version; NONE if it has none */
  readonly #organizationNumbers = new GrowingList();
  readonly #identifiersByValue = new Map<string, number[]>();
  readonly #writtenNamesInOtherLanguages: string[] = [];
  readonly #nameRowsByText = new Map<number, number[]>();
  readonly #writtenSites: Pick<SiteRow, 'name' | 'organizationNumber'>[] = [];
  readonly #siteRowsByText = new Map<number, number[]>();
  readonly #versionsBySite = new Map<string, GrowingList>();

  addVersion(version: NamedVersion): void {
    const { name, nameFolded, nameLowered, shortName, shortNameFolded, shortNameLowered } = version;
    const row = this.versions.add(version, version.reshId);
    const nameNumber = this.texts.add(nameFolded, nameLowered);
    const shortNameNumber =
      shortNameFolded === null || shortNameLowered === null ? NONE : this.texts.add(shortNameFolded, shortNameLowered);
    this.#nameNumbers.push(nameNumber);
    this.#shortNameNumbers.push(shortNameNumber);
    while (this.#firstRows.length < this.texts.size) {
      this.#firstRows.push(NONE);
      this.#textFlags.push(0);
    }
    this.#addByText(nameNumber, row);
    if (shortNameNumber !== NONE && shortNameNumber !== nameNumber) {
      this.#addByText(shortNameNumber, row);
      for (const number of [nameNumber, shortNameNumber]) this.#setFlag(number, PAIRED);
    }
    // A unit of a snapshot has the names of any other version.
    if (version.to !== null) this.#writtenNames.set(row, { name, shortName });
    this.#organizationNumbers.push(version.organizationNumber === null ? NONE : Number(version.organizationNumber));
    this.#addToSite(version.treatmentSiteNumber, row);
  }

  #addToSite(organizationNumber: string | null, row: number): void {
    if (organizationNumber === null) return;
    let rows = this.#versionsBySite.get(organizationNumber);
    if (!rows) this.#versionsBySite.set(organizationNumber, (rows = new GrowingList()));
    rows.push(row);
  }

  #addByText(number: number, row: number): void {
    if (this.#firstRows.at(number) === NONE) this.#firstRows.set(number, row);
    else {
      addTo(this.#otherRows, number, row);
      this.#setFlag(number, SHARED);
    }
  }

  #setFlag(number: number, flag: number): void {
    this.#textFlags.set(number, this.#textFlags.at(number) | flag);
  }

  addName(row: NameRow): void {
    this.#writtenNamesInOtherLanguages.push(row.name);
    const number = this.texts.add(row.nameFolded, row.nameLowered);
    addTo(this.#nameRowsByText, number, this.names.add(row, row.reshId));
  }

  addSite(row: SiteRow): void {
    const { name, organizationNumber } = row;
    this.#writtenSites.push({ name, organizationNumber });
    const number = this.texts.add(row.nameFolded, row.nameLowered);
    addTo(this.#siteRowsByText, number, this.sites.add(row, NONE));
  }

  addIdentifier(identifier: IdentifierRow): void {
    addTo(this.#identifiersByValue, identifier.value, this.identifiers.add(identifier, identifier.reshId));
  }

  isName(row: number, number: number): boolean {
    return this.#nameNumbers.at(row) === number;
  }

  isShortName(row: number, number: number): boolean {
    return this.#shortNameNumbers.at(row) === number;
  }

  /** Returns the numbers of a version's folded name and, if it has one, its short name. */
  nameNumbersOf(row: number): readonly number[] {
    const [nameNumber, shortNameNumber] = [this.#nameNumbers.at(row), this.#shortNameNumbers.at(row)];
    return shortNameNumber === NONE ? [nameNumber] : [nameNumber, shortNameNumber];
  }

  /** Returns the names of a version that ends; undefined for any other. */
  writtenNamesOf(row: number): WrittenNames | undefined {
    return this.#writtenNames.get(row);
  }

  /** Returns the first version whose name or short name is a text; -1 if there is none. */
  firstRowWithText(number: number): number {
    return number < this.#firstRows.length ? this.#firstRows.at(number) : NONE;
  }

  otherRowsWithText(number: number): readonly number[] {
    // Most texts have no other rows: looking in the map would take as long as comparing the text.
    return (this.#flagsOf(number) & SHARED) === 0 ? noRows : (this.#otherRows.get(number) ?? noRows);
  }

  /** Says whether a version has a text as one of its names, and another text as the other. */
  isPaired(number: number): boolean {
    return (this.#flagsOf(number) & PAIRED) !== 0;
  }

  #flagsOf(number: number): number {
    return number < this.#textFlags.length ? this.#textFlags.at(number) : 0;
  }

  /** Returns the rows of names in other languages that are a text. */
  nameRowsWithText(number: number): readonly number[] {
    return this.#nameRowsByText.get(number) ?? noRows;
  }

  nameInOtherLanguageAt(row: number): string {
    return this.#writtenNamesInOtherLanguages[row] as string;
  }

  /** Returns the versions of treatment sites whose name is a text. */
  siteRowsWithText(number: number): readonly number[] {
    return this.#siteRowsByText.get(number) ?? noRows;
  }

  siteAt(row: number): Pick<SiteRow, 'name' | 'organizationNumber'> {
    return this.#writtenSites[row] as Pick<SiteRow, 'name' | 'organizationNumber'>;
  }

  /** Returns the versions of units that have a treatment site, as rows. */
  versionsWithSite(organizationNumber: string): Iterable<number> {
    return this.#versionsBySite.get(organizationNumber)?.from(0) ?? noRows;
  }

  // A map would take more memory than all names, and saves a tenth of a millisecond for 200,000 versions.
  versionsWithOrganizationNumber(organizationNumber: string): number[] {
    return this.#organizationNumbers.indexesOf(Number(organizationNumber));
  }

  identifiersWithValue(value: string): readonly number[] {
    return this.#identifiersByValue.get(value) ?? [];
  }
}

function addTo<Key>(rowsByKey: Map<Key, number[]>, key: Key, row: number): void {
  const rows = rowsByKey.get(key);
  if (rows) rows.push(row);
  else rowsByKey.set(key, [row]);
}
