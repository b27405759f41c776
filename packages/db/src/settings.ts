/** How this shop does business: what its decisions go by besides the rows. */
export interface ShopSettings {
  /** Days begin at midnight here: an IANA name, such as Asia/Seoul. */
  readonly timeZone: string;
  /** How many points a wallet holds at most. */
  readonly pointBalanceMax: number;
  /** How long a WAITING order holds what it took, in milliseconds. */
  readonly holdMs: number;
  /** A stock that falls to this many pieces is low. */
  readonly stockLowAt: number;
}

/** What a command goes by besides its rows and its input. */
export interface Circumstances {
  readonly settings: ShopSettings;
  /** The time of the commit, the same for everything in it. */
  readonly now: Date;
}

export const DEFAULT_SETTINGS: ShopSettings = {
  timeZone: 'Asia/Seoul',
  pointBalanceMax: 1_000_000_000_000,
  holdMs: 15 * 60 * 1000,
  stockLowAt: 5,
};
