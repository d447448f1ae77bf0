/**
 * Views with a log as the lines of docs/leaders.md read, on maps: boards, liars that say anything
 * to anybody, messages that are lost. It is random, and without a line in common with the product.
 * As everywhere in these models a vector holds of each correct board the record that it sent, or ⊥,
 * and of a liar anything.
 */
import { FRESH, after2av, agreed, leaderSays, mustPropose } from "./rules.js";
import type { PaxosRecord } from "./rules.js";
import type { ViewRules } from "./view-rules.js";

/** What a board reports at a review. */
interface Report {
  readonly slot: number;
  readonly claims: ReadonlyMap<number, number>;
  readonly paxos: PaxosRecord;
  /** FaB: what was accepted; "" is nothing. */
  readonly accepted: string;
  readonly lead: number;
  readonly complains: boolean;
}

/** What it says in the first round of a fast cycle. */
interface Claim {
  readonly slot: number;
  readonly decided: boolean;
  /** The decision of the last slot that it knows. */
  readonly last: number | undefined;
  /** A leader's: a value for the first slot that it has not decided. */
  readonly proposal: number | undefined;
}

interface Vote {
  readonly slot: number;
  readonly value: string;
}

interface Board {
  slot: number;
  readonly claims: Map<number, number>;
  paxos: PaxosRecord;
  accepted: string;
  /** FaB: in which view it accepted that. */
  acceptedIn: number;
  lead: number;
  idle: boolean;
  view: number;
  vector: (Report | undefined)[];
  /** What the vector allows in the open slot: one value, any (""), or none. */
  allowed: string | undefined;
}

const NEW = (): Board => ({
  slot: 0, claims: new Map(), paxos: FRESH, accepted: "", acceptedIn: -1, lead: 0, idle: true,
  view: -1, vector: [], allowed: undefined,
});

export interface ViewVerdict {
  runs: number;
  /** Runs in which two values were decided for a slot. */
  unsafe: number;
  /** Runs in which F+2 synchronous views did not bring every correct board on. */
  stuck: number;
  /** Synchronous fast cycles after a synchronous review, led by a correct board, that did not. */
  slow: number;
  decided: number;
  /** By how many synchronous views it took to bring all on, the runs that took as many. */
  readonly views: number[];
}

/** @returns what becomes of `runs` runs of some views with losses, and then F+2 in time */
export const runViews = (
  rules: ViewRules, runs: number, random: () => number,
): ViewVerdict => {
  const { boards: n, traitors: f, fast, keep } = rules;
  const everyone = [...Array(n).keys()];
  const quorum = fast ? n - f : rules.paxos.votes;
  const verdict: ViewVerdict = { runs, unsafe: 0, stuck: 0, slow: 0, decided: 0, views: [] };
  const chance = (one: number) => random() % one === 0;
  const anyValue = () => 1 + random() % rules.values;
  let boards: Board[] = [];
  let correct: number[] = [];
  let liars: number[] = [];
  let log = new Map<number, number>();
  // Slots in which something else was decided too.
  let others = 0;
  // One loss in so many, in a part of the run; Infinity: none.
  let loss = Infinity;
  let parted: number[] = [];
  const arrives = (from: number, to: number) =>
    from === to || (parted[from] === parted[to] && (loss === Infinity || !chance(loss)));

  const learn = (board: Board, slot: number, value: number) => {
    if (board.claims.has(slot)) return;
    board.claims.set(slot, value);
    board.claims.delete(slot - Math.max(1, keep));
    board.idle = false;
    if ((log.get(slot) ?? value) !== value) others++;
    log.set(slot, value);
    verdict.decided++;
  };

  const enter = (board: Board, slot: number) => {
    board.slot = slot;
    board.paxos = FRESH;
    board.accepted = "";
    board.acceptedIn = -1;
  };

  const equal = (claims: readonly (readonly [number, number])[], slot: number, least: number) =>
    claims.find(([of, value]) => of === slot &&
      claims.filter(([at, other]) => at === slot && other === value).length >= least)?.[1];

  /** LOG.2 to LOG.4. `claims` and `slots` are what was said; @returns whether it moved on */
  const advance = (
    board: Board, claims: readonly (readonly [number, number])[], slots: readonly number[],
    skips: boolean,
  ): boolean => {
    const from = board.slot;
    const crowd = slots.toSorted((one, other) => other - one)[f] ?? 0;
    for (;;) {
      const value = equal(claims, board.slot, rules.adopt);
      if (value !== undefined) learn(board, board.slot, value);
      if (!keep) break;
      if (board.claims.has(board.slot)) {
        if (crowd <= board.slot && equal(claims, board.slot, rules.leave) === undefined) break;
        enter(board, board.slot + 1);
      } else if (skips && crowd >= board.slot + keep) {
        board.claims.clear();
        enter(board, crowd - keep + 1);
      } else break;
    }
    return board.slot !== from;
  };

  /** LBP.2, LFAB.2 for the open slot. `own` is its own record as it was reported. */
  const look = (board: Board) => {
    const said = board.vector.filter((one) => one !== undefined)
      .filter(({ slot }) => !rules.aligned || slot <= board.slot)
      .map((one) => (rules.aligned && one.slot < board.slot
        ? { ...one, paxos: FRESH, accepted: "" } : one));
    if (fast) {
      const must = mustPropose(said.map(({ accepted }) => accepted), (count) => count - 2 * f);
      board.allowed = said.length < n - f ? undefined : must ?? "";
    } else {
      board.allowed = leaderSays(said.map(({ paxos }) => paxos), rules.paxos, () => "");
    }
  };

  const lie = (top: number, view: number): Report | undefined => {
    if (chance(6)) return undefined;
    const slot = Math.max(0, top + random() % 4 - 2) * (keep ? 1 : 0);
    const value = String(anyValue());
    const [mbal, avBal] = [random() % (view + 2) - 1, random() % (view + 2) - 1];
    return {
      slot, claims: new Map(Array.from({ length: Math.max(1, keep) }, (_, back) =>
        [slot - back + (chance(2) ? 0 : -1), anyValue()] as const)),
      paxos: { mbal, mval: value, avBal, avVal: value, avPrev: random() % (avBal + 2) - 1 },
      accepted: chance(3) ? "" : value, lead: random() % 4 + (chance(4) ? 1000 : 0),
      complains: chance(2),
    };
  };

  const top = () => Math.max(...correct.map((at) => boards[at]!.slot));

  const review = (view: number, inTime: boolean) => {
    const hears = everyone.map(() => inTime || !chance(5));
    const told = everyone.map((at): Report | undefined => {
      const { slot, claims, paxos, accepted, lead, idle } = boards[at]!;
      const complains = idle && (keep > 0 || !claims.size);
      return hears[at]
        ? { slot, claims: new Map(claims), paxos, accepted, lead, complains } : undefined;
    });
    const same = liars.map(() => lie(top(), view));
    const heardBy = (at: number) => everyone.map((from) => {
      const liar = liars.indexOf(from);
      if (liar >= 0) return inTime ? same[liar] : lie(top(), view);
      return arrives(from, at) ? told[from] : undefined;
    });
    for (const at of correct) {
      const board = boards[at]!;
      if (!hears[at]) {
        if (rules.reviewed) board.view = -1;
        else board.view = view;
        continue;
      }
      board.view = view;
      board.idle = true;
      board.vector = heardBy(at);
      const said = board.vector.filter((one) => one !== undefined);
      if (said.length > f) {
        board.lead = said.map(({ lead }) => lead)
          .toSorted((one, other) => other - one)[rules.reached - 1]! +
          (said.filter(({ complains }) => complains).length >= rules.complaints ? 1 : 0);
      }
      advance(board, said.flatMap(({ claims }) => [...claims]), said.map(({ slot }) => slot), true);
      look(board);
    }
  };

  const votedFor = ({ paxos, accepted, acceptedIn, view }: Board): string | undefined => {
    if (fast) return acceptedIn === view ? accepted : undefined;
    return paxos.avBal === view ? paxos.avVal : undefined;
  };

  /** What a board says first. A correct one, or `undefined` where it takes part in no view. */
  const claimOf = (at: number): Claim | undefined => {
    const board = boards[at]!;
    if (board.view < 0) return undefined;
    const decided = board.claims.has(board.slot);
    const leads = board.lead % n === at;
    let proposal: string | undefined;
    if (leads && (!decided || !keep)) {
      proposal = votedFor(board) ?? (board.allowed === "" ? String(anyValue()) : board.allowed);
    } else if (leads) proposal = String(anyValue());
    return {
      slot: board.slot, decided, last: board.claims.get(board.slot - (decided ? 0 : 1)),
      proposal: proposal === undefined ? undefined : Number(proposal),
    };
  };

  const lyingClaim = (): Claim => ({
    slot: Math.max(0, top() + random() % 3 - 1) * (keep ? 1 : 0), decided: chance(2),
    last: chance(3) ? undefined : anyValue(), proposal: chance(4) ? undefined : anyValue(),
  });

  /** VIEW.5, PBFT.1: what the leader names for a slot. */
  const messageFor = (claim: Claim | undefined, slot: number): string | undefined => {
    if (!claim) return undefined;
    const next = claim.slot + (claim.decided && keep ? 1 : 0);
    if (!rules.named || slot === next) {
      const value = !keep && claim.decided ? claim.last : claim.proposal;
      return value === undefined ? undefined : String(value);
    }
    return slot === next - 1 && claim.last !== undefined ? String(claim.last) : undefined;
  };

  /** PBFT.2 */
  const follow = (board: Board, message: string | undefined): string | undefined => {
    const before = votedFor(board);
    if (before !== undefined && rules.single) return before;
    if (message === undefined || board.view < 0) return undefined;
    if (rules.checks && board.allowed !== "" && board.allowed !== message) return undefined;
    if (fast) {
      board.accepted = message;
      board.acceptedIn = board.view;
    } else board.paxos = after2av(board.paxos, board.view, message, rules.paxos);
    return message;
  };

  /** What `at` counts of votes, each in its slot; a liar's is whatever helps. */
  const tally = (at: number, votes: readonly (Vote | undefined)[], least: number) => {
    const { slot } = boards[at]!;
    const camp = String(anyValue());
    const heard = everyone.map((from) => {
      if (liars.includes(from)) return chance(8) ? undefined : camp;
      const vote = votes[from];
      const here = vote && (!rules.named || vote.slot === slot) && arrives(from, at);
      return here ? vote.value : undefined;
    });
    return agreed(heard, least);
  };

  const fastCycle = () => {
    const told = everyone.map(claimOf);
    const messages = correct.map((at) => {
      const board = boards[at]!;
      const heard = everyone.map((from) => {
        if (liars.includes(from)) return lyingClaim();
        return arrives(from, at) ? told[from] : undefined;
      });
      const claims = heard.flatMap((one) => (one?.last === undefined ? []
        : [[one.slot - (one.decided ? 0 : 1), one.last] as const]));
      const moved = advance(board, claims, heard.flatMap((one) => (one ? [one.slot] : [])), false);
      if (moved) look(board);
      return messageFor(heard[board.lead % n], board.slot);
    });
    const votes: (Vote | undefined)[] = everyone.map(() => undefined);
    correct.forEach((at, index) => {
      const value = follow(boards[at]!, messages[index]);
      if (value !== undefined && boards[at]!.view >= 0) {
        votes[at] = { slot: boards[at]!.slot, value };
      }
    });
    let last = votes;
    if (!fast) {
      last = everyone.map(() => undefined);
      for (const at of correct) {
        const board = boards[at]!;
        const value = tally(at, votes, rules.paxos.relays);
        if (value === undefined || board.view < 0) continue;
        board.paxos = { ...board.paxos, mbal: board.view, mval: value };
        last[at] = { slot: board.slot, value };
      }
    }
    const decided = correct.map((at) => tally(at, last, quorum));
    correct.forEach((at, index) => {
      const value = decided[index];
      if (value !== undefined) learn(boards[at]!, boards[at]!.slot, Number(value));
    });
  };

  const known = () => correct.map((at) => {
    const { slot, claims } = boards[at]!;
    return slot + (claims.has(slot) ? 1 : 0);
  });

  /** Whether all correct boards follow one of them. */
  const isLed = () => {
    const leaders = new Set(correct.map((at) => boards[at]!.lead % n));
    return leaders.size === 1 && correct.includes([...leaders][0]!);
  };

  /** A view in time. @returns whether each correct board then knows a slot that one did not */
  const inTime = (view: number): boolean => {
    loss = Infinity;
    parted = everyone.map(() => 0);
    const least = Math.min(...known());
    review(view, true);
    for (let cycle = 0; cycle < rules.cycles; cycle++) {
      const before = known();
      const led = isLed();
      fastCycle();
      const after = known();
      // The first may only bring all to one slot.
      const more = keep ? Math.min(...before) + 1 : 1;
      const all = keep ? Math.max(...before) + 1 : 1;
      const level = Math.min(...before) === Math.max(...before);
      if (cycle > 0 && led && (Math.min(...after) < more ||
        (level && Math.max(...after) < all))) verdict.slow++;
    }
    return Math.min(...known()) >= (keep ? least + 1 : 1);
  };

  const once = () => {
    boards = everyone.map(NEW);
    const start = random() % n;
    liars = everyone.filter((at) => (at - start + n) % n < f && !chance(5));
    if (chance(2)) liars = everyone.filter((at) => at < f);
    correct = everyone.filter((at) => !liars.includes(at));
    for (const at of correct) boards[at]!.lead = chance(3) ? random() % n : 0;
    log = new Map();
    others = 0;
    let view = 0;
    for (let left = random() % 6; left--; view++) {
      loss = [2, 3, 6, 12, Infinity][random() % 5]!;
      parted = everyone.map(() => (chance(3) ? 1 : 0));
      if (chance(2)) parted.fill(0);
      review(view, false);
      for (let cycle = 0; cycle < rules.cycles; cycle++) {
        if (chance(4)) loss = [2, 4, Infinity][random() % 3]!;
        fastCycle();
      }
    }
    let views = 1;
    for (; views <= f + 2; views++) if (inTime(view++)) break;
    if (views > f + 2) verdict.stuck++;
    verdict.views[views] = (verdict.views[views] ?? 0) + 1;
    if (others > 0) verdict.unsafe++;
  };

  for (let run = 0; run < runs; run++) once();
  return verdict;
};
