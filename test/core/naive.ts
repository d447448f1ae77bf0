/**
 * OM(m) as its definition reads: Lamport, Shostak and Pease, "The Byzantine Generals Problem"
 * (1982), section 3, with the majority of OM.4, in which a ⊥ stays in the count. Recursive, slow,
 * and without a line in common with the product, for which it is the oracle. ⊥ is undefined.
 */

/**
 * What the last board of `path` tells `receiver` about the path before it, for which it holds
 * `held`. A correct board says `held`, a liar what it likes, and a lost message says undefined. A
 * path is its board numbers, joined by ">".
 */
export type Say<Value> = (
  path: string, receiver: number, held: Value | undefined,
) => Value | undefined;

/** OM.4: what strictly more than half of the votes are for. */
const majority = <Value>(votes: (Value | undefined)[]): Value | undefined => {
  const tally = new Map<Value, number>();
  for (const vote of votes) {
    if (vote !== undefined) tally.set(vote, (tally.get(vote) ?? 0) + 1);
  }
  for (const [value, count] of tally) if (count > votes.length / 2) return value;
  return undefined;
};

/**
 * OM(m), by the last board of `path`, who holds `held`.
 *
 * @returns what each lieutenant obtains
 */
const oralMessages = <Value>(
  m: number, path: string, held: Value | undefined, lieutenants: number[], say: Say<Value>,
): Map<number, Value | undefined> => {
  const received = new Map<number, Value | undefined>();
  for (const lieutenant of lieutenants) received.set(lieutenant, say(path, lieutenant, held));
  if (m === 0) return received;

  const relayed = new Map<number, Map<number, Value | undefined>>();
  for (const relay of lieutenants) {
    const others = lieutenants.filter((other) => other !== relay);
    const told = oralMessages(m - 1, `${path}>${relay}`, received.get(relay), others, say);
    relayed.set(relay, told);
  }
  const obtained = new Map<number, Value | undefined>();
  for (const lieutenant of lieutenants) {
    const votes = lieutenants.map((voter) =>
      voter === lieutenant ? received.get(lieutenant) : relayed.get(voter)!.get(lieutenant),
    );
    obtained.set(lieutenant, majority(votes));
  }
  return obtained;
};

/**
 * @param commander the one commander, or -1: all
 * @param inputs what each board has to say, as a commander
 * @returns by board and by commander, what that board obtains; a commander's own entry is its input
 */
export const naiveVectors = <Value>(
  n: number, m: number, commander: number, inputs: (Value | undefined)[], say: Say<Value>,
): (Value | undefined)[][] => {
  const boards = Array.from({ length: n }, (_, board) => board);
  const vectors = boards.map(() => boards.map((): Value | undefined => undefined));
  for (const of of boards.filter((board) => commander < 0 || board === commander)) {
    const lieutenants = boards.filter((board) => board !== of);
    vectors[of]![of] = inputs[of];
    for (const [board, value] of oralMessages(m, `${of}`, inputs[of], lieutenants, say)) {
      vectors[board]![of] = value;
    }
  }
  return vectors;
};
