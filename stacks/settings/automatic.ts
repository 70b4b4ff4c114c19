/**
 * The value of a setting that is left to the scale and the Plan. `Pulumi.yaml` gives it to every key but `scale`, because
 * Pulumi takes a declared key without a default for one that must be set.
 */
export const automatic = "auto";
