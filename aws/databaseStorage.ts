/**
 * Speed of a gp3 volume of PostgreSQL from 400 GiB on, which costs nothing besides (below, RDS sets 3,000 and 125, and takes no
 * others). It has to be named: the provider otherwise sends the former IOPS with the new size, and RDS refuses them.
 *
 * @param storage GiB.
 */
export const volumeSpeed = (storage: number) =>
  storage >= 400 ? { iops: 12_000, storageThroughput: 500 } : {};

/**
 * The least upper limit that RDS takes for storage which grows by itself: it asks for 10 % of head room.
 *
 * @param storage GiB. In whole numbers, because 1.1 * 100 is more than 110.
 */
export const leastMaxStorage = (storage: number): number => Math.ceil((storage * 11) / 10);
