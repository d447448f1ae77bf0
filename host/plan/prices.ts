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
      beacon: 1305536, beacon2: 0, open: 1053010, settle: 1260112, poll: 1205762, rowByte: 190092,
      path: 477562, vote: 290876, pathLong: 611282, pathByte: 0, voteLong: 222067,
      voteByte: 43420, record: 0, log: 687902, tally: 0, send: 0, sendByte: 0, try: 90741,
      step: 366, send2: 10215022, sendByte2: 18645, try2: 256474, step2: 4500, frame: 865832, byte: 4400,
      frame2: 1816872, byte2: 205884, piece: 436097, piece2: 2350628, seal: 999377, sealByte: 0,
      tag: 1508663, tagByte: 3299, hash: 0, health: 1089157,
    },
    deep: {
      beacon: 1536844, beacon2: 0, open: 339834, settle: 4137116, poll: 1036540, rowByte: 190092,
      path: 307616, vote: 322018, pathLong: 268018, pathByte: 0, voteLong: 211228,
      voteByte: 53514, record: 0, log: 687902, tally: 0, send: 0, sendByte: 34867, try: 90741,
      step: 366, send2: 10215022, sendByte2: 0, try2: 256474, step2: 4500, frame: 854496, byte: 4825,
      frame2: 0, byte2: 205884, piece: 431451, piece2: 2350628, seal: 665134, sealByte: 9846,
      tag: 2650784, tagByte: 0, hash: 0, health: 279675,
    },
    signed: {
      beacon: 5552761, beacon2: 0, open: 21315669, settle: 5238236, poll: 2252971,
      rowByte: 218606, path: 26537566, vote: 370321, pathLong: 702975, pathByte: 0,
      voteLong: 524456, voteByte: 61542, record: 0, log: 791088, tally: 0, send: 1950955,
      sendByte: 40098, try: 104353, step: 423, send2: 11747276, sendByte2: 21442, try2: 294946, step2: 4500,
      frame: 1244877, byte: 5945, frame2: 2089403, byte2: 236767, piece: 572300, piece2: 2703223,
      seal: 1612225, sealByte: 11323, tag: 3048402, tagByte: 3794, hash: 232557, health: 1252531,
    },
    ballots: {
      beacon: 4828487, beacon2: 0, open: 0, settle: 4554987, poll: 1959105, rowByte: 190092,
      path: 477562, vote: 322018, pathLong: 52354, pathByte: 0, voteLong: 456048, voteByte: 7807,
      record: 0, log: 687902, tally: 0, send: 1696482, sendByte: 0, try: 90741, step: 366,
      send2: 0, sendByte2: 18645, try2: 256474, step2: 4500, frame: 1082501, byte: 5169, frame2: 1816872,
      byte2: 5934, piece: 497652, piece2: 1366771, seal: 1401934, sealByte: 0, tag: 1570275,
      tagByte: 1251, hash: 0, health: 0,
    },
  },
  balanced: {
    oral: {
      beacon: 836490, beacon2: 0, open: 741806, settle: 755206, poll: 985410, rowByte: 170459,
      path: 387683, vote: 179225, pathLong: 392458, pathByte: 109, voteLong: 134796,
      voteByte: 38909, record: 0, log: 346617, tally: 0, send: 0, sendByte: 0, try: 64550,
      step: 366, send2: 10316905, sendByte2: 15259, try2: 230655, step2: 4500, frame: 848440, byte: 7606,
      frame2: 1475858, byte2: 205782, piece: 405111, piece2: 2126386, seal: 428799, sealByte: 0,
      tag: 1044677, tagByte: 0, hash: 0, health: 1146999,
    },
    deep: {
      beacon: 1070544, beacon2: 0, open: 260506, settle: 3111393, poll: 607644, rowByte: 170459,
      path: 256446, vote: 222185, pathLong: 197411, pathByte: 0, voteLong: 157567,
      voteByte: 51691, record: 0, log: 346617, tally: 0, send: 0, sendByte: 34158, try: 64550,
      step: 366, send2: 10316905, sendByte2: 0, try2: 230655, step2: 4500, frame: 980011, byte: 3768,
      frame2: 0, byte2: 205782, piece: 412605, piece2: 2126386, seal: 230235, sealByte: 7537,
      tag: 1375007, tagByte: 3416, hash: 0, health: 233147,
    },
    signed: {
      beacon: 4453884, beacon2: 0, open: 21315669, settle: 5536466, poll: 2087270,
      rowByte: 196028, path: 26537566, vote: 255513, pathLong: 451327, pathByte: 126,
      voteLong: 245276, voteByte: 59445, record: 0, log: 398610, tally: 0, send: 1374807,
      sendByte: 39282, try: 74233, step: 423, send2: 11864441, sendByte2: 17548, try2: 265999, step2: 4500,
      frame: 1127013, byte: 8747, frame2: 1697237, byte2: 236650, piece: 499230, piece2: 2445344,
      seal: 735302, sealByte: 8668, tag: 1581259, tagByte: 3929, hash: 232557, health: 1319049,
    },
    ballots: {
      beacon: 3872942, beacon2: 0, open: 0, settle: 4814318, poll: 1815017, rowByte: 170459,
      path: 387683, vote: 222185, pathLong: 0, pathByte: 0, voteLong: 213283, voteByte: 15889,
      record: 0, log: 346617, tally: 0, send: 1195484, sendByte: 0, try: 64550, step: 366,
      send2: 0, sendByte2: 15259, try2: 230655, step2: 4500, frame: 956518, byte: 7027, frame2: 1475858,
      byte2: 5505, piece: 434113, piece2: 1145917, seal: 639393, sealByte: 0, tag: 1089316,
      tagByte: 1893, hash: 0, health: 0,
    },
  },
  speed: {
    oral: {
      beacon: 655495, beacon2: 1916748, open: 786408, settle: 511045, poll: 930074,
      rowByte: 170124, path: 189192, vote: 100579, pathLong: 205934, pathByte: 0, voteLong: 71476,
      voteByte: 33214, record: 0, log: 288013, tally: 0, send: 0, sendByte: 0, try: 64465,
      step: 367, send2: 0, sendByte2: 11577, try2: 231303, step2: 4500, frame: 844385, byte: 7727,
      frame2: 4641801, byte2: 5850, piece: 398398, piece2: 2807468, seal: 400361, sealByte: 0,
      tag: 1006536, tagByte: 0, hash: 202223, health: 1008339,
    },
    deep: {
      beacon: 0, beacon2: 1916748, open: 503680, settle: 2810013, poll: 540199, rowByte: 170124,
      path: 192910, vote: 205342, pathLong: 433286, pathByte: 0, voteLong: 152918,
      voteByte: 32514, record: 0, log: 288013, tally: 0, send: 902083, sendByte: 0, try: 64465,
      step: 367, send2: 0, sendByte2: 6032, try2: 231303, step2: 4500, frame: 986413, byte: 3764,
      frame2: 4641801, byte2: 0, piece: 414867, piece2: 2807468, seal: 490081, sealByte: 0,
      tag: 1326333, tagByte: 3203, hash: 202223, health: 249922,
    },
    signed: {
      beacon: 1801219, beacon2: 0, open: 18535364, settle: 1091289, poll: 1716638,
      rowByte: 170124, path: 23076144, vote: 0, pathLong: 433286, pathByte: 0, voteLong: 193688,
      voteByte: 33214, record: 0, log: 288013, tally: 0, send: 1192183, sendByte: 0, try: 64465,
      step: 367, send2: 0, sendByte2: 0, try2: 231303, step2: 4500, frame: 986413, byte: 7727, frame2: 0,
      byte2: 5850, piece: 435130, piece2: 2807468, seal: 791796, sealByte: 0, tag: 1326333,
      tagByte: 3203, hash: 202223, health: 1008339,
    },
    ballots: {
      beacon: 3595277, beacon2: 0, open: 0, settle: 3900907, poll: 1716638, rowByte: 170124,
      path: 23076144, vote: 205342, pathLong: 0, pathByte: 0, voteLong: 193688, voteByte: 16842,
      record: 0, log: 288013, tally: 0, send: 1192183, sendByte: 0, try: 64465, step: 367,
      send2: 0, sendByte2: 11577, try2: 231303, step2: 4500, frame: 972262, byte: 7027, frame2: 1491399,
      byte2: 5679, piece: 435130, piece2: 1080257, seal: 791796, sealByte: 0, tag: 1054019,
      tagByte: 2084, hash: 202223, health: 0,
    },
  },
};

/** The same for one pass of what `tagma measure` has a board do. */
export const WORKLOAD_COST = 497374;
