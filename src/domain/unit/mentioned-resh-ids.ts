/** RESH-ids that files mention: the greatest one of each number of digits. */
export class MentionedReshIds {
  private readonly greatestByDigits: number[] = [];

  add(reshId: number): void {
    const digits = String(reshId).length;
    this.greatestByDigits[digits] = Math.max(this.greatestByDigits[digits] ?? 0, reshId);
  }

  addAll(other: MentionedReshIds): void {
    // Numbers of digits that no id has are not visited.
    other.greatestByDigits.forEach((reshId) => {
      this.add(reshId);
    });
  }

  /**
   * Returns the greatest mentioned RESH-id that has no more digits than a RESH-id in use; 0 if there is none. A longer
   * one may be mistyped, and numbers that follow it would make all later RESH-ids as long.
   *
   * @param greatestInUse greatest RESH-id in use, 0 if there is none
   */
  findGreatestToReserve(greatestInUse: number): number {
    const digits = greatestInUse === 0 ? 0 : String(greatestInUse).length;
    return this.greatestByDigits.slice(0, digits + 1).reduce((greatest, reshId) => Math.max(greatest, reshId), 0);
  }
}
