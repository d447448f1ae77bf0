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
      beacon: 611953, beacon2: 0, open: 953925, settle: 1953694, poll: 1205761, rowByte: 221380,
      path: 411506, vote: 290876, pathLong: 446143, pathByte: 0, voteLong: 126573,
      voteByte: 76429, record: 0, log: 693838, tally: 0, send: 0, sendByte: 99084, try: 90741,
      step: 366, send2: 11428124, sendByte2: 81873, try2: 275624, step2: 4336, frame: 865816,
      byte: 4401, frame2: 1826846, byte2: 206169, piece: 436091, piece2: 2326574, seal: 206693,
      sealByte: 0, tag: 1508652, tagByte: 3298, hash: 0, health: 1149451,
    },
    deep: {
      beacon: 1536844, beacon2: 0, open: 339834, settle: 4137116, poll: 1036540, rowByte: 221380,
      path: 307616, vote: 322018, pathLong: 268018, pathByte: 0, voteLong: 208965,
      voteByte: 54645, record: 0, log: 693838, tally: 0, send: 0, sendByte: 34867, try: 90741,
      step: 366, send2: 11428124, sendByte2: 81873, try2: 275624, step2: 4336, frame: 854496,
      byte: 4825, frame2: 0, byte2: 206169, piece: 431451, piece2: 2326574, seal: 665134,
      sealByte: 9846, tag: 2650784, tagByte: 0, hash: 0, health: 279675,
    },
    signed: {
      beacon: 5553977, beacon2: 0, open: 19974083, settle: 5237020, poll: 2252777,
      rowByte: 254587, path: 26943767, vote: 370321, pathLong: 513065, pathByte: 0,
      voteLong: 419526, voteByte: 87894, record: 0, log: 797914, tally: 0, send: 1949739,
      sendByte: 113947, try: 104353, step: 423, send2: 13142343, sendByte2: 94154, try2: 316968,
      step2: 4987, frame: 1244877, byte: 5945, frame2: 2100873, byte2: 237095, piece: 572300,
      piece2: 2675561, seal: 1612225, sealByte: 11323, tag: 3048402, tagByte: 3793, hash: 233409,
      health: 1321869,
    },
    ballots: {
      beacon: 4829545, beacon2: 0, open: 0, settle: 4553930, poll: 1958936, rowByte: 221380,
      path: 411506, vote: 322018, pathLong: 52354, pathByte: 0, voteLong: 364805, voteByte: 11392,
      record: 0, log: 693838, tally: 0, send: 1695425, sendByte: 0, try: 90741, step: 366,
      send2: 0, sendByte2: 18644, try2: 275624, step2: 4336, frame: 1082501, byte: 5169,
      frame2: 1826846, byte2: 5935, piece: 497652, piece2: 1366593, seal: 1401934, sealByte: 0,
      tag: 1570275, tagByte: 1251, hash: 0, health: 0,
    },
  },
  balanced: {
    oral: {
      beacon: 103813, beacon2: 0, open: 670550, settle: 1487882, poll: 985410, rowByte: 199561,
      path: 317937, vote: 179225, pathLong: 218289, pathByte: 0, voteLong: 81721, voteByte: 65446,
      record: 0, log: 352289, tally: 0, send: 0, sendByte: 104669, try: 64508, step: 367,
      send2: 17150882, sendByte2: 15262, try2: 249490, step2: 4115, frame: 848440, byte: 7606,
      frame2: 3538675, byte2: 6819, piece: 405111, piece2: 1102011, seal: 0, sealByte: 0,
      tag: 1044677, tagByte: 0, hash: 0, health: 1146999,
    },
    deep: {
      beacon: 1070879, beacon2: 0, open: 260317, settle: 3111058, poll: 607644, rowByte: 199561,
      path: 256462, vote: 222185, pathLong: 197420, pathByte: 0, voteLong: 155331,
      voteByte: 52809, record: 0, log: 352289, tally: 0, send: 0, sendByte: 34137, try: 64508,
      step: 367, send2: 17150882, sendByte2: 0, try2: 249490, step2: 4115, frame: 980011,
      byte: 3768, frame2: 3538675, byte2: 6819, piece: 412605, piece2: 1030734, seal: 230393,
      sealByte: 7537, tag: 1375007, tagByte: 3416, hash: 0, health: 233147,
    },
    signed: {
      beacon: 4454787, beacon2: 0, open: 19974083, settle: 5535563, poll: 2131611,
      rowByte: 229496, path: 26943767, vote: 255513, pathLong: 251033, pathByte: 0,
      voteLong: 178631, voteByte: 75263, record: 0, log: 405133, tally: 0, send: 1373904,
      sendByte: 120370, try: 74185, step: 423, send2: 19723515, sendByte2: 17552, try2: 287937,
      step2: 4733, frame: 1127013, byte: 8747, frame2: 4069477, byte2: 7842, piece: 499230,
      piece2: 1267313, seal: 735304, sealByte: 8668, tag: 1581259, tagByte: 3929, hash: 233409,
      health: 1319049,
    },
    ballots: {
      beacon: 3873727, beacon2: 0, open: 0, settle: 4813533, poll: 1853574, rowByte: 199561,
      path: 317937, vote: 222185, pathLong: 0, pathByte: 0, voteLong: 125943, voteByte: 19323,
      record: 0, log: 352289, tally: 0, send: 1194699, sendByte: 0, try: 64508, step: 367,
      send2: 0, sendByte2: 15262, try2: 249490, step2: 4115, frame: 956518, byte: 7027,
      frame2: 1435524, byte2: 6055, piece: 434113, piece2: 1102011, seal: 639394, sealByte: 0,
      tag: 1089316, tagByte: 1893, hash: 0, health: 0,
    },
  },
  speed: {
    oral: {
      beacon: 91371, beacon2: 6456239, open: 705819, settle: 1075168, poll: 930074,
      rowByte: 198566, path: 135441, vote: 100579, pathLong: 71569, pathByte: 0, voteLong: 0,
      voteByte: 60828, record: 0, log: 293696, tally: 0, send: 0, sendByte: 80590, try: 64490,
      step: 367, send2: 0, sendByte2: 18657, try2: 250380, step2: 3193, frame: 844384, byte: 7727,
      frame2: 1509271, byte2: 6886, piece: 398398, piece2: 1035384, seal: 0, sealByte: 0,
      tag: 1006536, tagByte: 0, hash: 202964, health: 1041570,
    },
    deep: {
      beacon: 0, beacon2: 6456239, open: 503680, settle: 2810013, poll: 540199, rowByte: 198566,
      path: 192905, vote: 205342, pathLong: 212966, pathByte: 0, voteLong: 151299,
      voteByte: 33324, record: 0, log: 293696, tally: 0, send: 902084, sendByte: 0, try: 64490,
      step: 367, send2: 0, sendByte2: 18657, try2: 250380, step2: 3193, frame: 986413, byte: 3764,
      frame2: 1509271, byte2: 6886, piece: 414867, piece2: 965811, seal: 482349, sealByte: 1097,
      tag: 1326333, tagByte: 3203, hash: 202964, health: 249922,
    },
    signed: {
      beacon: 1800734, beacon2: 0, open: 17368767, settle: 1090804, poll: 1715590,
      rowByte: 198566, path: 23429362, vote: 0, pathLong: 212966, pathByte: 0, voteLong: 151299,
      voteByte: 60828, record: 0, log: 293696, tally: 0, send: 1190929, sendByte: 80590,
      try: 64490, step: 367, send2: 0, sendByte2: 0, try2: 250380, step2: 3193, frame: 986413,
      byte: 7727, frame2: 0, byte2: 5855, piece: 435130, piece2: 1035384, seal: 791796,
      sealByte: 1097, tag: 1326333, tagByte: 3203, hash: 202964, health: 1041570,
    },
    ballots: {
      beacon: 3596530, beacon2: 0, open: 0, settle: 3899653, poll: 1715590, rowByte: 198566,
      path: 23429362, vote: 205342, pathLong: 0, pathByte: 0, voteLong: 106348, voteByte: 20274,
      record: 0, log: 293696, tally: 0, send: 1190929, sendByte: 0, try: 64490, step: 367,
      send2: 0, sendByte2: 11574, try2: 250380, step2: 3193, frame: 972262, byte: 7027,
      frame2: 1449864, byte2: 6242, piece: 435130, piece2: 1035384, seal: 791796, sealByte: 0,
      tag: 1054019, tagByte: 2084, hash: 202964, health: 0,
    },
  },
};

/** The same for one pass of what `tagma measure` has a board do. */
export const WORKLOAD_COST = 497564;
