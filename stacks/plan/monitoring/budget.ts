/** A notice of AWS Budgets. */
export interface BudgetNotice {
  /** `ACTUAL`: spent in this month so far. `FORECASTED`: expected by its end, after five weeks of data. */
  readonly cost: "ACTUAL" | "FORECASTED";
  /** Percent of the budget that the cost exceeds. */
  readonly percent: number;
}

/** The budget of a month, and its notices. */
export interface BudgetPlan {
  /** USD a month. */
  readonly limit: number;
  /** Each is sent once a month. */
  readonly notices: readonly BudgetNotice[];
  /** USD by which an unusual cost exceeds the expected one before Cost Anomaly Detection reports it. */
  readonly anomaly: number;
}

/** Tag by which AWS Budgets and Cost Anomaly Detection find the cost of a stack; its value is the stack's name. */
export const stackTag = "Stack";

/** A forecast warns while there is time to act; 80 % is there for the first weeks, in which AWS has no forecast. */
export const budgetPlan = (limit: number): BudgetPlan => ({
  limit,
  notices: [
    { cost: "FORECASTED", percent: 100 },
    { cost: "ACTUAL", percent: 80 },
    { cost: "ACTUAL", percent: 100 },
  ],
  anomaly: Math.max(1, Math.round(limit / 10)),
});
