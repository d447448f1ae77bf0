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
      beacon: 1609666, beacon2: 12486010, open: 1714326, settle: 1651780, poll: 1928659,
      path: 753479, vote: 517223, pathLong: 929506, pathByte: 0, voteLong: 401393,
      voteByte: 86514, record: 212583, log: 0, tally: 0, send: 0, sendByte: 2666, try: 94605,
      step: 404, send2: 0, sendByte2: 0, try2: 0, step2: 1007, frame: 1557178, byte: 8747,
      frame2: 11758358, byte2: 5016, piece: 1013961, piece2: 6298092, seal: 816452,
      sealByte: 12573, tag: 1380071, tagByte: 18662, hash: 0, health: 1614231,
    },
    deep: {
      beacon: 1620270, beacon2: 12486010, open: 1203209, settle: 1919042, poll: 1928659,
      path: 753479, vote: 517223, pathLong: 570803, pathByte: 0, voteLong: 606222,
      voteByte: 29812, record: 212583, log: 0, tally: 0, send: 0, sendByte: 27990, try: 94605,
      step: 404, send2: 0, sendByte2: 0, try2: 0, step2: 1007, frame: 1454849, byte: 10452,
      frame2: 11758358, byte2: 33876, piece: 1013961, piece2: 6298092, seal: 909692,
      sealByte: 12573, tag: 1380071, tagByte: 50666, hash: 0, health: 1614231,
    },
    signed: {
      beacon: 4427329, beacon2: 12486010, open: 1707571, settle: 1919042, poll: 1928659,
      path: 831463, vote: 517223, pathLong: 929506, pathByte: 22703, voteLong: 606222,
      voteByte: 100011, record: 212583, log: 0, tally: 0, send: 0, sendByte: 59439, try: 94605,
      step: 404, send2: 0, sendByte2: 29999, try2: 0, step2: 1007, frame: 1557178, byte: 14317,
      frame2: 12123778, byte2: 20312, piece: 1013961, piece2: 6298092, seal: 816452,
      sealByte: 12573, tag: 1380071, tagByte: 18662, hash: 291359, health: 1614231,
    },
    ballots: {
      beacon: 4427329, beacon2: 12486010, open: 563461, settle: 1522163, poll: 1928659,
      path: 753479, vote: 517223, pathLong: 175661, pathByte: 22703, voteLong: 123068,
      voteByte: 100011, record: 313472, log: 1107960, tally: 2455, send: 0, sendByte: 59439,
      try: 94605, step: 404, send2: 0, sendByte2: 0, try2: 0, step2: 1007, frame: 1443513,
      byte: 16213, frame2: 11758358, byte2: 5016, piece: 875226, piece2: 6298092, seal: 816452,
      sealByte: 12573, tag: 1380071, tagByte: 18662, hash: 0, health: 1614231,
    },
  },
  balanced: {
    oral: {
      beacon: 1374131, beacon2: 12601305, open: 1714326, settle: 1040745, poll: 1930731,
      path: 613197, vote: 532145, pathLong: 903903, pathByte: 0, voteLong: 520119,
      voteByte: 79705, record: 421938, log: 687413, tally: 16643, send: 0, sendByte: 2512,
      try: 86820, step: 404, send2: 0, sendByte2: 0, try2: 0, step2: 963, frame: 1239480,
      byte: 8805, frame2: 11454516, byte2: 4991, piece: 750060, piece2: 6027591, seal: 777786,
      sealByte: 9026, tag: 1209551, tagByte: 14433, hash: 0, health: 1455343,
    },
    deep: {
      beacon: 1673462, beacon2: 12601305, open: 1203209, settle: 115665101, poll: 1930731,
      path: 613197, vote: 532145, pathLong: 434136, pathByte: 0, voteLong: 279838,
      voteByte: 29812, record: 421938, log: 687413, tally: 16643, send: 0, sendByte: 28072,
      try: 86820, step: 404, send2: 0, sendByte2: 0, try2: 0, step2: 963, frame: 1235605,
      byte: 10454, frame2: 11454516, byte2: 33876, piece: 750060, piece2: 6027591, seal: 909692,
      sealByte: 0, tag: 1200019, tagByte: 50666, hash: 0, health: 1455343,
    },
    signed: {
      beacon: 3727991, beacon2: 12601305, open: 1696632, settle: 115665101, poll: 1930731,
      path: 831463, vote: 532145, pathLong: 903903, pathByte: 20243, voteLong: 520119,
      voteByte: 59296, record: 421938, log: 687413, tally: 16643, send: 0, sendByte: 52818,
      try: 86820, step: 404, send2: 0, sendByte2: 29999, try2: 0, step2: 963, frame: 1286624,
      byte: 15813, frame2: 12123778, byte2: 20312, piece: 750060, piece2: 6027591, seal: 777786,
      sealByte: 0, tag: 1200019, tagByte: 14433, hash: 291359, health: 1455343,
    },
    ballots: {
      beacon: 4241035, beacon2: 12601305, open: 563461, settle: 1366950, poll: 1930731,
      path: 613197, vote: 532145, pathLong: 175661, pathByte: 20243, voteLong: 0, voteByte: 38621,
      record: 421938, log: 1107960, tally: 16643, send: 0, sendByte: 52818, try: 86820, step: 404,
      send2: 0, sendByte2: 0, try2: 0, step2: 963, frame: 1286624, byte: 16213, frame2: 11454516,
      byte2: 4991, piece: 738402, piece2: 6027591, seal: 777786, sealByte: 0, tag: 1325246,
      tagByte: 14433, hash: 0, health: 1455343,
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
