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
      beacon: 612000, beacon2: 0, open: 954240, settle: 1953647, poll: 1329631, rowByte: 221418,
      path: 411414, vote: 290876, pathLong: 446569, pathByte: 0, voteLong: 126573,
      voteByte: 76429, record: 0, log: 693950, tally: 0, send: 0, sendByte: 99077, try: 90741,
      step: 366, send2: 5472185, sendByte2: 32124, try2: 275624, step2: 4336, frame: 865731,
      byte: 4402, frame2: 1856497, byte2: 5935, piece: 435548, piece2: 1366448, seal: 206491,
      sealByte: 0, tag: 1509220, tagByte: 3297, hash: 0, health: 1149451,
    },
    deep: {
      beacon: 1773701, beacon2: 0, open: 221406, settle: 3900259, poll: 1152430, rowByte: 221418,
      path: 318994, vote: 322018, pathLong: 323778, pathByte: 0, voteLong: 254478,
      voteByte: 36924, record: 0, log: 693950, tally: 0, send: 0, sendByte: 20063, try: 90741,
      step: 366, send2: 5472185, sendByte2: 32124, try2: 275624, step2: 4336, frame: 853790,
      byte: 4830, frame2: 1856497, byte2: 5910, piece: 431451, piece2: 1264512, seal: 772640,
      sealByte: 7939, tag: 2651123, tagByte: 0, hash: 0, health: 279675,
    },
    signed: {
      beacon: 5555890, beacon2: 0, open: 19974083, settle: 5233682, poll: 3331335,
      rowByte: 254631, path: 26943767, vote: 370321, pathLong: 513555, pathByte: 0,
      voteLong: 419468, voteByte: 87894, record: 0, log: 798043, tally: 0, send: 1941196,
      sendByte: 113939, try: 104353, step: 423, send2: 6293013, sendByte2: 36943, try2: 316968,
      step2: 4987, frame: 1244272, byte: 5951, frame2: 2134972, byte2: 6826, piece: 572211,
      piece2: 1571416, seal: 1614284, sealByte: 9130, tag: 3048792, tagByte: 3792, hash: 233409,
      health: 1321869,
    },
    ballots: {
      beacon: 4831208, beacon2: 0, open: 0, settle: 4551027, poll: 2896813, rowByte: 221418,
      path: 411414, vote: 322018, pathLong: 56502, pathByte: 0, voteLong: 364754, voteByte: 11393,
      record: 0, log: 693950, tally: 0, send: 1687996, sendByte: 0, try: 90741, step: 366,
      send2: 0, sendByte2: 18478, try2: 275624, step2: 4336, frame: 1081975, byte: 5174,
      frame2: 1827163, byte2: 5935, piece: 497574, piece2: 1366448, seal: 1403725, sealByte: 0,
      tag: 1570706, tagByte: 1244, hash: 0, health: 0,
    },
  },
  balanced: {
    oral: {
      beacon: 102948, beacon2: 7378432, open: 664742, settle: 1488747, poll: 703106,
      rowByte: 197767, path: 315919, vote: 179225, pathLong: 216140, pathByte: 0, voteLong: 74294,
      voteByte: 66271, record: 2132, log: 337492, tally: 0, send: 0, sendByte: 104792, try: 64508,
      step: 367, send2: 0, sendByte2: 23912, try2: 249490, step2: 4115, frame: 790333,
      byte: 13367, frame2: 1503632, byte2: 6055, piece: 370545, piece2: 1101998, seal: 0,
      sealByte: 0, tag: 883366, tagByte: 0, hash: 0, health: 1158813,
    },
    deep: {
      beacon: 0, beacon2: 7378432, open: 186422, settle: 4181937, poll: 729118, rowByte: 197767,
      path: 262731, vote: 222185, pathLong: 228314, pathByte: 0, voteLong: 197541,
      voteByte: 31705, record: 2132, log: 337492, tally: 0, send: 1202107, sendByte: 25935,
      try: 64508, step: 367, send2: 0, sendByte2: 23912, try2: 249490, step2: 4115, frame: 980107,
      byte: 3768, frame2: 1503632, byte2: 5914, piece: 412632, piece2: 1038878, seal: 290042,
      sealByte: 6481, tag: 1374988, tagByte: 3417, hash: 0, health: 233147,
    },
    signed: {
      beacon: 4454787, beacon2: 8485197, open: 19974083, settle: 5667203, poll: 2293125,
      rowByte: 227433, path: 26943767, vote: 255513, pathLong: 262562, pathByte: 0,
      voteLong: 227173, voteByte: 76212, record: 2452, log: 388116, tally: 0, send: 1404249,
      sendByte: 120511, try: 74185, step: 423, send2: 0, sendByte2: 27499, try2: 287937,
      step2: 4733, frame: 1197146, byte: 15373, frame2: 1729177, byte2: 6964, piece: 503346,
      piece2: 1267298, seal: 720647, sealByte: 7454, tag: 1581237, tagByte: 3930, hash: 233409,
      health: 1332635,
    },
    ballots: {
      beacon: 3873727, beacon2: 0, open: 0, settle: 4928002, poll: 1994021, rowByte: 197767,
      path: 315919, vote: 222185, pathLong: 0, pathByte: 0, voteLong: 118850, voteByte: 19740,
      record: 2132, log: 337492, tally: 0, send: 1221086, sendByte: 0, try: 64508, step: 367,
      send2: 0, sendByte2: 15262, try2: 249490, step2: 4115, frame: 1040996, byte: 6119,
      frame2: 1435987, byte2: 6055, piece: 437692, piece2: 1101998, seal: 626649, sealByte: 0,
      tag: 1026257, tagByte: 2798, hash: 0, health: 0,
    },
  },
  speed: {
    oral: {
      beacon: 90510, beacon2: 5274138, open: 700039, settle: 1076029, poll: 655585,
      rowByte: 198591, path: 133468, vote: 100579, pathLong: 69639, pathByte: 0, voteLong: 0,
      voteByte: 60828, record: 0, log: 293700, tally: 0, send: 0, sendByte: 80713, try: 64490,
      step: 367, send2: 0, sendByte2: 27379, try2: 250380, step2: 3193, frame: 787972,
      byte: 13319, frame2: 1531216, byte2: 5855, piece: 364847, piece2: 1079723, seal: 0,
      sealByte: 0, tag: 850797, tagByte: 0, hash: 202964, health: 1041570,
    },
    deep: {
      beacon: 0, beacon2: 5274138, open: 591642, settle: 2810013, poll: 661161, rowByte: 198591,
      path: 184456, vote: 205342, pathLong: 171550, pathByte: 0, voteLong: 149669,
      voteByte: 34139, record: 0, log: 293700, tally: 0, send: 726159, sendByte: 10996,
      try: 64490, step: 367, send2: 0, sendByte2: 27379, try2: 250380, step2: 3193, frame: 986509,
      byte: 3763, frame2: 1531216, byte2: 5667, piece: 414894, piece2: 976783, seal: 402424,
      sealByte: 2513, tag: 1326315, tagByte: 3204, hash: 202964, health: 249922,
    },
    signed: {
      beacon: 1800734, beacon2: 0, open: 17368767, settle: 1090804, poll: 2213944,
      rowByte: 198591, path: 23429362, vote: 0, pathLong: 171550, pathByte: 0, voteLong: 149669,
      voteByte: 60828, record: 0, log: 293700, tally: 0, send: 1190808, sendByte: 80713,
      try: 64490, step: 367, send2: 0, sendByte2: 0, try2: 250380, step2: 3193, frame: 986509,
      byte: 13319, frame2: 0, byte2: 5855, piece: 435075, piece2: 1079723, seal: 791822,
      sealByte: 2513, tag: 1326315, tagByte: 3204, hash: 202964, health: 1041570,
    },
    ballots: {
      beacon: 3596530, beacon2: 0, open: 0, settle: 3899587, poll: 2213944, rowByte: 198591,
      path: 23429362, vote: 205342, pathLong: 0, pathByte: 0, voteLong: 106267, voteByte: 20277,
      record: 0, log: 293700, tally: 0, send: 1190808, sendByte: 0, try: 64490, step: 367,
      send2: 0, sendByte2: 11574, try2: 250380, step2: 3193, frame: 972251, byte: 7027,
      frame2: 1489141, byte2: 5681, piece: 435075, piece2: 1079723, seal: 791822, sealByte: 0,
      tag: 1054019, tagByte: 2084, hash: 202964, health: 0,
    },
  },
};

/** The same for one pass of what `tagma measure` has a board do. */
export const WORKLOAD_COST = 497344;
