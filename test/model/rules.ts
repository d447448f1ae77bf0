/**
 * LBP.2 to LBP.5 and LFAB.2 as they read, on objects: slow, and without a line in common with the
 * product, for which they are the oracle. Every number that the proofs rest on is a field, so that
 * a test can weaken it and see what breaks. undefined stands for ⊥.
 */
export interface PaxosRecord {
  readonly mbal: number;
  readonly mval?: string;
  readonly avBal: number;
  readonly avVal?: string;
  readonly avPrev: number;
}

export interface Rules {
  readonly boards: number;
  readonly traitors: number;
  /** How many equal ones are a quorum: of records in LBP.2, of 2av in LBP.4, of 2b in LBP.5. */
  readonly records: number;
  readonly relays: number;
  readonly votes: number;
  /** How many records must vouch (LBP.2). */
  readonly vouchers: number;
  /** Whether the record keeps avPrev (LBP.3). */
  readonly previous: boolean;
  /** Whether a record with mbal = c must have mval = v (LBP.2). */
  readonly equal: boolean;
  /** EARLY.1, EARLY.2; without them nothing is decided before LBP.5. */
  readonly early?: EarlyRules;
}

/** A decision a round earlier, and what keeps it. */
export interface EarlyRules {
  /** How many equal 2av decide (EARLY.1). */
  readonly relays: number;
  /** Whether a vote may also be the last 2av of a record (EARLY.2). */
  readonly relayed: boolean;
  /** Whether the highest safe vote counts, or any (EARLY.2). */
  readonly highest: boolean;
}

/** @param boards N = 3F+1, or more */
export const paxosRules = (boards: number, traitors: number): Rules => {
  const quorum = Math.floor((boards + traitors) / 2) + 1;
  return {
    boards, traitors, records: quorum, relays: quorum, votes: quorum, vouchers: traitors + 1,
    previous: true, equal: true,
  };
};

/** The same with decisions after n equal 2av. */
export const earlyRules = (boards: number, traitors: number): Rules & { early: EarlyRules } => ({
  ...paxosRules(boards, traitors),
  early: { relays: boards, relayed: true, highest: true },
});

export const FRESH: PaxosRecord = { mbal: -1, avBal: -1, avPrev: -1 };

/** LBP.2: whether no board of the quorum has said anything that binds. */
export const unbound = (vector: readonly PaxosRecord[], rules: Rules, liars = 0): boolean =>
  vector.filter(({ mbal }) => mbal === -1).length + liars >= rules.records;

/**
 * LBP.2: whether `vector` shows that `value` is safe by what was voted at ballot `at`.
 *
 * @param liars how many records come on top that say what is wanted
 */
export const shown = (
  vector: readonly PaxosRecord[], at: number, value: string, rules: Rules, liars = 0,
): boolean => {
  const below = vector.filter(({ mbal, mval }) =>
    mbal < at || (mbal === at && (mval === value || !rules.equal)));
  const vouching = vector.filter(({ avBal, avVal, avPrev }) =>
    (avBal >= at && avVal === value) || avPrev >= at);
  return below.length + liars >= rules.records && vouching.length + liars >= rules.vouchers;
};

/**
 * LBP.2: of the pairs (mbal, mval) in the vector (EARLY.2: and avBal, avVal), in the order of
 * ballots from the highest and then of the boards, the value of the first that is safe. Then: what
 * `free` gives, where all is safe.
 */
export const leaderSays = (
  vector: readonly (PaxosRecord | undefined)[], rules: Rules, free: () => string | undefined,
): string | undefined => {
  const said = vector.filter((record) => record !== undefined);
  const pairs = said.flatMap(({ mbal, mval, avBal, avVal }) => [
    { at: mbal, value: mval }, ...(rules.early?.relayed ? [{ at: avBal, value: avVal }] : []),
  ]).filter(({ at }) => at >= 0).toSorted((one, other) =>
    (rules.early?.highest === false ? one.at - other.at : other.at - one.at));
  const safe = pairs.find(({ at, value }) => shown(said, at, value!, rules));
  return safe ? safe.value : unbound(said, rules) ? free() : undefined;
};

/** LBP.3 */
export const after2av = (
  record: PaxosRecord, ballot: number, value: string, rules: Rules,
): PaxosRecord => {
  const other = rules.previous && record.avBal >= 0 && record.avVal !== value;
  return {
    ...record, avBal: ballot, avVal: value, avPrev: other ? record.avBal : record.avPrev,
  };
};

/** LBP.4, LBP.5, LFAB.3: the value that `quorum` of `said` name. */
export const agreed = (
  said: readonly (string | undefined)[], quorum: number,
): string | undefined =>
  said.find((value) =>
    value !== undefined && said.filter((other) => other === value).length >= quorum);

/**
 * LFAB.2: what must be proposed.
 *
 * @param records the records that are not ⊥ as a whole: what was accepted, or "" for nothing
 * @param enough how many of them must name a value, of so many records
 */
export const mustPropose = (
  records: readonly string[], enough: (count: number) => number,
): string | undefined =>
  records.find((value) =>
    value !== "" && records.filter((other) => other === value).length >= enough(records.length));
