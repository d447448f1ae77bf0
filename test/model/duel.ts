/**
 * Proposers without leases, as lectures tell of them: every board that has heard no decision asks
 * for promises under a number of its own, and then has its value accepted, if nobody has asked
 * under a higher one meanwhile. A cycle has two rounds, what proposers say and what acceptors
 * answer; in the first, promises are asked for before values arrive.
 */
export interface Duel {
  /** By cycle and proposer, whether it begins: else it goes on with what it has begun. */
  readonly proposers: readonly number[];
  readonly boards: number;
  /** One message in so many is lost; Infinity: none. */
  readonly loss: number;
  /** Whether an acceptor keeps what it promised: else it is no Paxos. */
  readonly keeps: boolean;
}

export interface Dueled {
  /** The cycle in which a value was decided first; undefined: none was. */
  first: number | undefined;
  /** How many different values were decided. */
  values: number;
}

interface Acceptor {
  promised: number;
  accepted: number;
  value: string;
}

interface Proposer {
  readonly board: number;
  /** Its number, once it was promised by more than half; 0: it asks next. */
  ready: number;
  value: string;
  starts: number;
}

/** @returns what comes of so many cycles; proposer i begins in cycle i */
export const duel = (
  { proposers, boards, loss, keeps }: Duel, cycles: number, random: () => number,
): Dueled => {
  const all = Array.from({ length: boards }, (): Acceptor =>
    ({ promised: 0, accepted: 0, value: "" }));
  const some = proposers.map((board, at): Proposer =>
    ({ board, ready: 0, value: "", starts: at }));
  const decided = new Set<string>();
  const found: Dueled = { first: undefined, values: 0 };
  const arrives = () => loss === Infinity || random() % loss > 0;
  const half = boards >> 1;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const number = ({ board }: Proposer) => 1 + cycle * boards + board;
    const active = some.filter(({ starts }) => starts <= cycle);
    const asks = active.filter(({ ready }) => !ready);
    const says = active.filter(({ ready }) => ready);
    for (const one of asks) {
      let [promises, latest] = [0, 0];
      one.value = `${one.board}`;
      for (const acceptor of all) {
        if (!arrives() || (keeps && acceptor.promised >= number(one))) continue;
        acceptor.promised = Math.max(acceptor.promised, number(one));
        if (!arrives()) continue;
        promises++;
        if (acceptor.accepted > latest) {
          latest = acceptor.accepted;
          one.value = acceptor.value;
        }
      }
      if (promises > half) one.ready = number(one);
    }
    for (const one of says) {
      let votes = 0;
      for (const acceptor of all) {
        if (!arrives() || (keeps && acceptor.promised > one.ready)) continue;
        Object.assign(acceptor, { accepted: one.ready, value: one.value });
        votes++;
      }
      one.ready = 0;
      if (votes <= half) continue;
      decided.add(one.value);
      found.first ??= cycle;
    }
  }
  found.values = decided.size;
  return found;
};
