/**
 * The least upper limit that RDS takes for storage which grows by itself: it asks for 10 % of head room.
 *
 * @param storage GiB. In whole numbers, because 1.1 * 100 is more than 110.
 */
export const leastMaxStorage = (storage: number): number => Math.ceil((storage * 11) / 10);
