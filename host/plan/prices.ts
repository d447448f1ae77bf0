import type { Optimize } from "../network/network.js";
import type { Family, Kind } from "./work.js";

/**
 * Written by `make prices`; not to be changed by hand. Instructions that Espruino's Linux build
 * executes for each kind of work, by what a bundle is made for (docs/boards.md).
 */
export const PRICES: Readonly<
  Record<Optimize, Readonly<Record<Family, Readonly<Record<Kind, number>>>>>
> = {
  size: {
    oral: {
      beacon: 1399709, beacon2: 10857400, open: 1490718, settle: 1436330, poll: 1677094,
      path: 655199, vote: 449759, pathLong: 808266, pathByte: 0, voteLong: 349037,
      voteByte: 75229, record: 184854, log: 0, tally: 0, send: 0, sendByte: 2318, try: 82265,
      step: 351, send2: 0, sendByte2: 0, try2: 0, step2: 875, frame: 1354067, byte: 7606,
      frame2: 10224659, byte2: 4361, piece: 881705, piece2: 5476601, seal: 709958,
      sealByte: 10933, tag: 1200061, tagByte: 16227, hash: 0, health: 1403679,
    },
    deep: {
      beacon: 1408930, beacon2: 10857400, open: 1046268, settle: 1668732, poll: 1677094,
      path: 655199, vote: 449759, pathLong: 496350, pathByte: 0, voteLong: 527149,
      voteByte: 25923, record: 184854, log: 0, tally: 0, send: 0, sendByte: 24339, try: 82265,
      step: 351, send2: 0, sendByte2: 0, try2: 0, step2: 875, frame: 1265086, byte: 9088,
      frame2: 10224659, byte2: 29457, piece: 881705, piece2: 5476601, seal: 791036,
      sealByte: 10933, tag: 1200061, tagByte: 44057, hash: 0, health: 1403679,
    },
    signed: {
      beacon: 3849851, beacon2: 10857400, open: 1484844, settle: 1668732, poll: 1677094,
      path: 723011, vote: 449759, pathLong: 808266, pathByte: 19741, voteLong: 527149,
      voteByte: 86966, record: 184854, log: 0, tally: 0, send: 0, sendByte: 51686, try: 82265,
      step: 351, send2: 0, sendByte2: 26086, try2: 0, step2: 875, frame: 1354067, byte: 12449,
      frame2: 10542415, byte2: 17662, piece: 881705, piece2: 5476601, seal: 709958,
      sealByte: 10933, tag: 1200061, tagByte: 16227, hash: 253355, health: 1403679,
    },
    ballots: {
      beacon: 3849851, beacon2: 10857400, open: 489966, settle: 1323620, poll: 1677094,
      path: 655199, vote: 449759, pathLong: 152748, pathByte: 19741, voteLong: 107015,
      voteByte: 86966, record: 272584, log: 963443, tally: 2134, send: 0, sendByte: 51686,
      try: 82265, step: 351, send2: 0, sendByte2: 0, try2: 0, step2: 875, frame: 1255228,
      byte: 14098, frame2: 10224659, byte2: 4361, piece: 761066, piece2: 5476601, seal: 709958,
      sealByte: 10933, tag: 1200061, tagByte: 16227, hash: 0, health: 1403679,
    },
  },
  balanced: {
    oral: {
      beacon: 1194896, beacon2: 10957656, open: 1490718, settle: 904995, poll: 1678896,
      path: 470220, vote: 405067, pathLong: 786002, pathByte: 0, voteLong: 452277,
      voteByte: 69308, record: 0, log: 0, tally: 0, send: 0, sendByte: 2184, try: 75495,
      step: 351, send2: 0, sendByte2: 0, try2: 0, step2: 837, frame: 1077808, byte: 7656,
      frame2: 9960448, byte2: 4340, piece: 636504, piece2: 5241383, seal: 709958, sealByte: 10933,
      tag: 1200061, tagByte: 16227, hash: 0, health: 1265515,
    },
    deep: {
      beacon: 1455184, beacon2: 10957656, open: 1046268, settle: 100578348, poll: 1678896,
      path: 470220, vote: 405067, pathLong: 377509, pathByte: 0, voteLong: 243337,
      voteByte: 25923, record: 0, log: 0, tally: 0, send: 0, sendByte: 24410, try: 75495,
      step: 351, send2: 0, sendByte2: 0, try2: 0, step2: 837, frame: 1074439, byte: 9090,
      frame2: 9960448, byte2: 29457, piece: 636504, piece2: 5241383, seal: 791036, sealByte: 0,
      tag: 796083, tagByte: 44057, hash: 0, health: 1265515,
    },
    signed: {
      beacon: 3651897, beacon2: 10957656, open: 1475332, settle: 100578348, poll: 1678896,
      path: 723011, vote: 405067, pathLong: 786002, pathByte: 0, voteLong: 2488564,
      voteByte: 51561, record: 0, log: 0, tally: 0, send: 0, sendByte: 29690, try: 75495,
      step: 351, send2: 0, sendByte2: 26086, try2: 0, step2: 837, frame: 1077808, byte: 13393,
      frame2: 10542415, byte2: 17662, piece: 636504, piece2: 5241383, seal: 0, sealByte: 0,
      tag: 0, tagByte: 0, hash: 253355, health: 1265515,
    },
    ballots: {
      beacon: 3687856, beacon2: 10957656, open: 489966, settle: 1010037, poll: 1678896,
      path: 470220, vote: 405067, pathLong: 532146, pathByte: 13218, voteLong: 2488564,
      voteByte: 24492, record: 272584, log: 963443, tally: 2134, send: 0, sendByte: 38327,
      try: 75495, step: 351, send2: 0, sendByte2: 0, try2: 0, step2: 837, frame: 1113122,
      byte: 14098, frame2: 9960448, byte2: 4340, piece: 620558, piece2: 5241383, seal: 489303,
      sealByte: 0, tag: 1152387, tagByte: 3882, hash: 0, health: 1265515,
    },
  },
  speed: {
    oral: {
      beacon: 1176415, beacon2: 10236117, open: 1490718, settle: 904995, poll: 1472506,
      path: 366233, vote: 217524, pathLong: 475561, pathByte: 0, voteLong: 112057,
      voteByte: 69308, record: 272584, log: 963443, tally: 2134, send: 0, sendByte: 2184,
      try: 75389, step: 351, send2: 0, sendByte2: 26086, try2: 0, step2: 837, frame: 1072448,
      byte: 7606, frame2: 10542415, byte2: 29457, piece: 634007, piece2: 4960137, seal: 481475,
      sealByte: 7848, tag: 1051783, tagByte: 11871, hash: 253355, health: 1173089,
    },
    deep: {
      beacon: 1408930, beacon2: 10236117, open: 1046268, settle: 1073135, poll: 1472270,
      path: 420627, vote: 361679, pathLong: 353197, pathByte: 0, voteLong: 243337,
      voteByte: 25923, record: 272584, log: 963443, tally: 2134, send: 0, sendByte: 10478,
      try: 75389, step: 351, send2: 0, sendByte2: 0, try2: 0, step2: 837, frame: 1074439,
      byte: 8794, frame2: 9460878, byte2: 29457, piece: 634007, piece2: 4960137, seal: 791036,
      sealByte: 0, tag: 796083, tagByte: 44057, hash: 253355, health: 936730,
    },
    signed: {
      beacon: 0, beacon2: 0, open: 0, settle: 0, poll: 1472506, path: 723011, vote: 0,
      pathLong: 475561, pathByte: 13218, voteLong: 243337, voteByte: 69308, record: 272584,
      log: 963443, tally: 2134, send: 0, sendByte: 38327, try: 75389, step: 351, send2: 0,
      sendByte2: 26086, try2: 0, step2: 837, frame: 1113122, byte: 14098, frame2: 10542415,
      byte2: 17662, piece: 634007, piece2: 4960137, seal: 791036, sealByte: 7848, tag: 1152387,
      tagByte: 44057, hash: 253355, health: 1173089,
    },
    ballots: {
      beacon: 3687856, beacon2: 10236117, open: 489966, settle: 1009218, poll: 1472506,
      path: 723011, vote: 361679, pathLong: 152748, pathByte: 13218, voteLong: 0, voteByte: 24492,
      record: 272584, log: 963443, tally: 2134, send: 0, sendByte: 38327, try: 75389, step: 351,
      send2: 0, sendByte2: 26086, try2: 0, step2: 837, frame: 1113122, byte: 14098,
      frame2: 10542415, byte2: 29457, piece: 617169, piece2: 4960137, seal: 489303, sealByte: 0,
      tag: 1152387, tagByte: 3882, hash: 253355, health: 1173089,
    },
  },
};

/** The same for one pass of what `tagma measure` has a board do. */
export const WORKLOAD_COST = 494214;
